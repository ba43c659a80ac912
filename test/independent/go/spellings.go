// Go values of many types go in, and what fxamacker/cbor writes for them with its usual settings comes out.
package main

import (
	"encoding/hex"
	"math"
	"math/big"
	"net/url"
	"time"

	"github.com/fxamacker/cbor/v2"
)

type user struct {
	ID    int64  `cbor:"id"`
	Name  string `cbor:"name"`
	Email string `cbor:"email,omitempty"`
	Photo *[]byte
}

type point struct {
	_    struct{} `cbor:",toarray"`
	X, Y float32
}

type compact struct {
	ID int `cbor:"1,keyasint"`
}

// spellings are the rows of a vector file: options, value, payload.
func spellings() (Answer, error) {
	options := []struct {
		name string
		mode cbor.EncMode
	}{
		{"EncOptions{}", must(cbor.EncOptions{}.EncMode())},
		{"CoreDetEncOptions()", must(cbor.CoreDetEncOptions().EncMode())},
		{"payload.go", encoding},
		{"Time: TimeUnix, TimeTag: EncTagRequired", timed(cbor.TimeUnix)},
		{"Time: TimeUnixMicro, TimeTag: EncTagRequired", timed(cbor.TimeUnixMicro)},
		{"Time: TimeRFC3339, TimeTag: EncTagRequired", timed(cbor.TimeRFC3339)},
	}
	at := time.Date(2025, 11, 24, 16, 0, 0, 123456789, time.UTC)
	link, err := url.Parse("https://a.example/")
	if err != nil {
		return nil, err
	}
	values := []struct {
		name  string
		value interface{}
	}{
		{"int(-1)", -1},
		{"int64(1 << 40)", int64(1 << 40)},
		{"int64(1 << 53)", int64(1 << 53)},
		{"uint64(math.MaxUint64)", uint64(math.MaxUint64)},
		{"1.0", 1.0},
		{"float32(1.5)", float32(1.5)},
		{"0.1", 0.1},
		{"100000.0", 100000.0},
		{"-0.0", math.Copysign(0, -1)},
		{"math.NaN()", math.NaN()},
		{"math.Inf(-1)", math.Inf(-1)},
		{"big.NewInt(1)", big.NewInt(1)},
		{"big.NewInt(0)", big.NewInt(0)},
		{"2^64", new(big.Int).Lsh(big.NewInt(1), 64)},
		{"time with nanoseconds", at},
		{"time of a whole second", at.Truncate(time.Second)},
		{"time before 1970", time.Unix(-1, 5e8)},
		{"time.UnixMilli(1726821866378)", time.UnixMilli(1726821866378)},
		{"time.Time{}", time.Time{}},
		{"time.Minute", time.Minute},
		{"map[string]int", map[string]int{"a": 1}},
		{"map[int]string", map[int]string{1: "a"}},
		{"MapOf(map[int]string)", MapOf(map[int]string{1: "a"})},
		{"SetOf([]string)", SetOf([]string{"a", "b"})},
		{"URLOf(string)", URLOf("https://a.example/")},
		{"*url.URL", link},
		{"struct", user{ID: 7, Name: "Ada"}},
		{"struct, toarray", point{X: 1.5, Y: 2}},
		{"struct, keyasint", compact{1}},
		{"[]byte", []byte{1, 2}},
		{"[2]byte", [2]byte{1, 2}},
		{"[]uint16", []uint16{1, 2}},
		{"[]byte(nil)", []byte(nil)},
		{"Undefined", Undefined},
		{"string of Latin-1", "caf\xe9"},
	}
	var rows [][]string
	for _, option := range options {
		for _, v := range values {
			payload, err := option.mode.Marshal(v.value)
			if err != nil {
				return nil, err
			}
			rows = append(rows, []string{option.name, v.name, hex.EncodeToString(payload)})
		}
	}
	return Answer{"rows": rows}, nil
}

func timed(mode cbor.TimeMode) cbor.EncMode {
	return must(cbor.EncOptions{Time: mode, TimeTag: cbor.EncTagRequired}.EncMode())
}
