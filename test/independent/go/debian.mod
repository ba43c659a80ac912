// go build -modfile=debian.mod takes the libraries from Debian's packages and needs no network.
module sealring.example/go

go 1.19

require (
	github.com/fxamacker/cbor/v2 v2.4.0
	golang.org/x/crypto v0.4.0
)

require (
	github.com/x448/float16 v0.8.4 // indirect
	golang.org/x/sys v0.3.0 // indirect
)

replace (
	github.com/fxamacker/cbor/v2 => /usr/share/gocode/src/github.com/fxamacker/cbor
	github.com/x448/float16 => /usr/share/gocode/src/github.com/x448/float16
	golang.org/x/crypto => /usr/share/gocode/src/golang.org/x/crypto
	golang.org/x/sys => /usr/share/gocode/src/golang.org/x/sys
)
