module sealring.example/go

go 1.19

require (
	github.com/fxamacker/cbor/v2 v2.4.0
	golang.org/x/crypto v0.4.0
)
