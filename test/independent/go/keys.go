// A secret in its text form goes in, and the keys that seal and open tokens come out. FORMAT.md section 1.
package main

import (
	"crypto/sha256"
	"errors"
	"io"
	"strings"

	"golang.org/x/crypto/hkdf"
)

// A Mode says how tokens are made. Its value is the first byte of a token.
type Mode byte

const (
	Sealed Mode = 0x11 // encrypted
	Signed Mode = 0x49 // readable, protected against changes
)

// A Key derives everything from one secret.
type Key struct {
	prk []byte
	ID  []byte // 3 bytes, in every token
}

// ParseKey reads a key as Sealring prints it: "sealring_" and 47 characters.
func ParseKey(text string) (*Key, error) {
	const prefix = "sealring_"
	if !strings.HasPrefix(text, prefix) || len(text) != 56 {
		return nil, errors.New("not a Sealring key")
	}
	secret, err := decodeBase64(text[9:52])
	if err != nil {
		return nil, errors.New("a Sealring key with a typing error")
	}
	checksum := sha256.Sum256(append([]byte("sealring/key"), secret...))
	if encodeBase64(checksum[:3]) != text[52:] {
		return nil, errors.New("a Sealring key with a typing error")
	}
	return NewKey(secret)
}

// NewKey takes 32 random bytes or more.
func NewKey(secret []byte) (*Key, error) {
	if len(secret) < 32 {
		return nil, errors.New("a secret has 32 bytes or more")
	}
	prk := hkdf.Extract(sha256.New, secret, []byte("sealring/v1"))
	return &Key{prk: prk, ID: expand(prk, []byte("kid"), 3)}, nil
}

// subkey is the key of the tokens of one mode and purpose, and of the second secret if they need one.
func (k *Key) subkey(of Binding) ([]byte, error) {
	if of.Purpose == "" {
		return nil, errors.New("a purpose is never empty")
	}
	subkey := expand(k.prk, append([]byte{byte(of.Mode)}, of.Purpose...), 32)
	switch size := len(of.SecondSecret); {
	case size == 0:
		return subkey, nil
	case size < 16:
		return nil, errors.New("a second secret has 16 bytes or more")
	}
	return expand(subkey, append([]byte("sealring/bound"), of.SecondSecret...), 32), nil
}

func expand(prk, info []byte, size int) []byte {
	key := make([]byte, size)
	if _, err := io.ReadFull(hkdf.Expand(sha256.New, prk, info), key); err != nil {
		panic(err) // only for more than 8,160 bytes
	}
	return key
}
