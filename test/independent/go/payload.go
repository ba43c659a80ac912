// A Go value goes in and the CBOR of a payload comes out, or the other way round. FORMAT.md sections 4 and 10.
package main

import (
	"time"

	"github.com/fxamacker/cbor/v2"
)

// Every option that matters to a reader of Sealring. Floats may have any width, and maps any order.
var encoding = must(cbor.EncOptions{
	Time:          cbor.TimeUnixDynamic,   // integers for whole seconds
	TimeTag:       cbor.EncTagRequired,    // without its tag a time is a number
	BigIntConvert: cbor.BigIntConvertNone, // a big.Int is a bigint, even if it is small
	IndefLength:   cbor.IndefLengthForbidden,
}.EncMode())

var decoding = must(cbor.DecOptions{
	DupMapKey:       cbor.DupMapKeyEnforcedAPF,
	IndefLength:     cbor.IndefLengthForbidden,
	MaxNestedLevels: 32,
}.DecMode())

// Marshal writes what a reader of Sealring accepts, as long as the keys of maps are strings: see MapOf.
func Marshal(value interface{}) ([]byte, error) { return encoding.Marshal(value) }

// Unmarshal reads a payload into a pointer, as json.Unmarshal does. Call it only with what Open has opened: it is laxer than
// Sealring's own reader, which is no harm to bytes that one's own services have sealed.
func Unmarshal(payload []byte, into interface{}) error {
	if err := decoding.Unmarshal(payload, into); err != nil {
		return ErrPayload
	}
	return nil
}

// SetOf makes a JavaScript Set of a slice.
func SetOf(members interface{}) cbor.Tag { return cbor.Tag{Number: 258, Content: members} }

// MapOf makes a JavaScript Map of a Go map, whose keys may be of any kind.
func MapOf(entries interface{}) cbor.Tag { return cbor.Tag{Number: 259, Content: entries} }

// URLOf makes a JavaScript URL. A url.URL would arrive as bytes.
func URLOf(url string) cbor.Tag { return cbor.Tag{Number: 32, Content: url} }

// Undefined is JavaScript's undefined: a nil arrives as null.
var Undefined = cbor.RawMessage{0xf7}

// InMilliseconds rounds a time that came as a float: JavaScript's dates have no more digits, floats have some left over.
func InMilliseconds(t time.Time) time.Time { return t.Round(time.Millisecond) }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err) // options that contradict one another
	}
	return value
}
