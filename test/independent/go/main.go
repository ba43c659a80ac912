// Requests go in, one a line in JSON, and answers come out: the tests of Sealring talk to the other files this way.
package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// A Request has the fields that its "do" needs. Bytes are in hex.
type Request struct {
	Do, Key, Purpose, Mode, Token, Payload, Context, Secret, Random string
	Name, Header                                                    string
	Tenant                                                          *string
	Now, MaxAge                                                     float64
}

type Answer map[string]interface{}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	replies := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var request Request
		reply, err := Answer(nil), json.Unmarshal(lines.Bytes(), &request)
		if err == nil {
			reply, err = answer(request)
		}
		var code Error
		if errors.As(err, &code) {
			reply = Answer{"ok": false, "code": code}
		} else if err != nil {
			reply = Answer{"ok": false, "error": err.Error()}
		} else {
			reply["ok"] = true
		}
		if err := replies.Encode(reply); err != nil {
			panic(err)
		}
	}
}

func answer(r Request) (Answer, error) {
	if r.Do == "spellings" {
		return spellings()
	}
	key, err := ParseKey(r.Key)
	if err != nil {
		return nil, err
	}
	now := time.UnixMicro(int64(r.Now * 1e6))
	to := Binding{Sealed, r.Purpose, []byte(r.Context), unhex(r.Secret)}
	if r.Mode == "signed" {
		to.Mode = Signed
	}
	random = rand.Reader
	if r.Random != "" {
		random = bytes.NewReader(unhex(r.Random))
	}
	switch r.Do {
	case "key":
		subkey, err := key.subkey(to)
		return Answer{"prk": hex.EncodeToString(key.prk), "keyId": hex.EncodeToString(key.ID), "subkey": hex.EncodeToString(subkey)}, err
	case "seal":
		token, err := Seal(key, to, unhex(r.Payload), now)
		return Answer{"token": token}, err
	case "open":
		token, err := Open([]*Key{key}, to, r.Token, now, time.Duration(r.MaxAge*1e9))
		if err != nil {
			return nil, err
		}
		return Answer{"payload": hex.EncodeToString(token.Payload), "issuedAt": token.IssuedAt.Unix()}, nil
	case "through": // what a service makes of a payload that reads it and writes it again without a look at it
		var value interface{}
		if err := Unmarshal(unhex(r.Payload), &value); err != nil {
			return nil, err
		}
		payload, err := Marshal(value)
		return Answer{"payload": hex.EncodeToString(payload)}, err
	case "session":
		session, err := ReadSession([]*Key{key}, to.Mode, requestWith(r.Header), r.Name, r.Tenant, now)
		if err != nil {
			return nil, err
		}
		values, err := Marshal(session.Values)
		return Answer{"session": session, "payload": hex.EncodeToString(values)}, err
	case "count visits": // a whole round: reads a session, changes it and writes its cookie
		session, err := ReadSession([]*Key{key}, to.Mode, requestWith(r.Header), r.Name, r.Tenant, now)
		if err != nil {
			return nil, err
		}
		visits, _ := session.Values["visits"].(uint64)
		session.Values["visits"] = visits + 1
		session.Values["seen"] = now
		cookie, err := WriteSession(key, to.Mode, session, r.Name, r.Tenant, now)
		if err != nil {
			return nil, err
		}
		return Answer{"header": cookie.Name + "=" + cookie.Value}, nil
	}
	return nil, fmt.Errorf("unknown \"do\" %q", r.Do)
}

func requestWith(header string) *http.Request {
	return &http.Request{Header: http.Header{"Cookie": {header}}}
}

func unhex(text string) []byte {
	data, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return data
}
