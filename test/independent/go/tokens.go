// A payload and a key go in and a token comes out, or the other way round. FORMAT.md sections 2 and 3.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"io"
	"time"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	headerSize = 8  // lead, key id, issued at
	tagSize    = 16 // of the cipher and of a mac
	maxPayload = 65536
	clockSkew  = 60 * time.Second
)

// An Error is the code that @sealring/codec reports for the same fault.
type Error string

func (e Error) Error() string { return string(e) }

const (
	ErrMalformed  = Error("ERR_SEAL_MALFORMED")
	ErrVersion    = Error("ERR_SEAL_VERSION")
	ErrKeyUnknown = Error("ERR_SEAL_KEY_UNKNOWN")
	ErrTampered   = Error("ERR_SEAL_TAMPERED") // also: made for another purpose or context
	ErrExpired    = Error("ERR_SEAL_EXPIRED")
	ErrFuture     = Error("ERR_SEAL_FUTURE")
	ErrPayload    = Error("ERR_SEAL_PAYLOAD")
)

// A Binding says what a token is good for. A token opens under no other.
type Binding struct {
	Mode         Mode
	Purpose      string // such as "magic-link"
	Context      []byte // such as the id of a user; none if empty
	SecondSecret []byte // 16 bytes or more; none if empty
}

// A Token is what Open has made sure of.
type Token struct {
	Payload  []byte // CBOR
	IssuedAt time.Time
}

// The worked examples have other random bytes. Nothing else may.
var random io.Reader = rand.Reader

// Seal makes a token.
func Seal(key *Key, to Binding, payload []byte, now time.Time) (string, error) {
	subkey, err := key.subkey(to)
	if err != nil {
		return "", err
	}
	token := append([]byte{byte(to.Mode)}, key.ID...)
	token = binary.BigEndian.AppendUint32(token, uint32(now.Unix()))
	if to.Mode == Signed {
		token = append(token, payload...)
		return encodeBase64(append(token, mac(subkey, token, to.Context)...)), nil
	}
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	copy(nonce, token)
	if _, err := io.ReadFull(random, nonce[headerSize:]); err != nil {
		return "", err
	}
	aead, err := chacha20poly1305.NewX(subkey)
	if err != nil {
		return "", err
	}
	return encodeBase64(aead.Seal(nonce, nonce, payload, to.Context)), nil
}

// Open checks who made a token, for what, and when. A maxAge of 0 is none.
func Open(keys []*Key, from Binding, text string, now time.Time, maxAge time.Duration) (*Token, error) {
	token, err := Authenticate(keys, from, text)
	if err != nil {
		return nil, err
	}
	if maxAge > 0 && now.After(token.IssuedAt.Add(maxAge)) {
		return nil, ErrExpired
	}
	if token.IssuedAt.After(now.Add(clockSkew)) {
		return nil, ErrFuture
	}
	return token, nil
}

// Authenticate is Open for tokens of any age.
func Authenticate(keys []*Key, from Binding, text string) (*Token, error) {
	if len(text) > (4*(headerSize+16+tagSize+maxPayload)+2)/3 {
		return nil, ErrMalformed
	}
	data, err := decodeBase64(text)
	if err != nil || len(data) == 0 {
		return nil, ErrMalformed
	}
	switch mode := Mode(data[0]); {
	case mode != Sealed && mode != Signed:
		return nil, ErrVersion
	case mode == Sealed && len(data) <= chacha20poly1305.NonceSizeX+tagSize, len(data) <= headerSize+tagSize:
		return nil, ErrMalformed
	case mode != from.Mode:
		return nil, ErrKeyUnknown
	}
	err = ErrKeyUnknown
	for _, key := range keys {
		if !bytes.Equal(key.ID, data[1:4]) {
			continue
		}
		var payload []byte
		if payload, err = unlock(key, from, data); err == nil {
			return &Token{payload, time.Unix(int64(binary.BigEndian.Uint32(data[4:8])), 0)}, nil
		}
	}
	return nil, err
}

// unlock returns the payload of a token that this key made.
func unlock(key *Key, from Binding, data []byte) ([]byte, error) {
	subkey, err := key.subkey(from)
	if err != nil {
		return nil, err
	}
	if from.Mode == Signed {
		message, theirs := data[:len(data)-tagSize], data[len(data)-tagSize:]
		if subtle.ConstantTimeCompare(mac(subkey, message, from.Context), theirs) != 1 {
			return nil, ErrTampered
		}
		return message[headerSize:], nil
	}
	aead, err := chacha20poly1305.NewX(subkey)
	if err != nil {
		return nil, err
	}
	payload, err := aead.Open(nil, data[:aead.NonceSize()], data[aead.NonceSize():], from.Context)
	if err != nil {
		return nil, ErrTampered
	}
	return payload, nil
}

func mac(subkey, message, context []byte) []byte {
	hash := hmac.New(sha256.New, subkey)
	hash.Write(message)
	hash.Write(context)
	hash.Write(binary.BigEndian.AppendUint32(nil, uint32(len(context))))
	return hash.Sum(nil)[:tagSize]
}

func encodeBase64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// decodeBase64 takes the one canonical spelling. Go's decoder skips line breaks, so the text is compared with its bytes written again.
func decodeBase64(text string) ([]byte, error) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil && encodeBase64(data) != text {
		err = ErrMalformed
	}
	return data, err
}
