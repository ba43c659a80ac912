// An HTTP request and keys go in and the session of a Sealring cookie store comes out, or the other way round. FORMAT.md section 9.
package main

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
)

const (
	cookieRoom    = 4096 // bytes of a name and its value that browsers take
	maxChunks     = 16
	defaultMaxAge = 2592000
)

// A Session is what a cookie holds. Pointers are nil where the record has undefined, or null: a session until the browser closes.
type Session struct {
	CreatedAt       float64                // seconds
	Values          map[string]interface{} `json:"-"` // JavaScript allows other keys as well, which this example does not read
	ID              []byte                 // 12 bytes
	Flashes         cbor.RawMessage        // a Map from bags to pairs
	MaxAge          *float64               // seconds; nil: as the store says
	Subject         *string                // whose session it is
	AuthenticatedAt *float64
	Family          []byte
	Stamp           *float64
}

// fields are those of a record, in its order.
func (s *Session) fields() []interface{} {
	return []interface{}{&s.CreatedAt, &s.Values, &s.ID, &s.Flashes, &s.MaxAge, &s.Subject, &s.AuthenticatedAt, &s.Family, &s.Stamp}
}

func binding(mode Mode, cookieName string, chunks int, tenant *string) Binding {
	var parts []string
	if chunks > 1 {
		parts = append(parts, fmt.Sprintf("chunks:%d", chunks))
	}
	if tenant != nil {
		parts = append(parts, "tenant:"+*tenant)
	}
	return Binding{Mode: mode, Purpose: "sealring:cookie:" + cookieName, Context: []byte(strings.Join(parts, ";"))}
}

// ReadSession opens the session of a request. The name is that of the cookie, such as __Host-login. Whether the session has been
// revoked is for its store to say, which has a backend for that.
func ReadSession(keys []*Key, mode Mode, r *http.Request, cookieName string, tenant *string, now time.Time) (*Session, error) {
	text, chunks, err := joinCookies(r, cookieName)
	if err != nil {
		return nil, err
	}
	token, err := Authenticate(keys, binding(mode, cookieName, chunks, tenant), text) // its record has an age of its own
	if err != nil {
		return nil, err
	}
	var record []cbor.RawMessage
	session := &Session{}
	fields := session.fields()
	if err := Unmarshal(token.Payload, &record); err != nil || len(record) < 3 || len(record) > len(fields) {
		return nil, ErrPayload
	}
	for at, item := range record {
		if err := Unmarshal(item, fields[at]); err != nil {
			return nil, err
		}
	}
	if len(session.ID) != 12 {
		return nil, ErrPayload
	}
	maxAge := float64(defaultMaxAge)
	if session.MaxAge != nil {
		maxAge = *session.MaxAge
	}
	if float64(now.UnixMilli())/1000 >= session.CreatedAt+maxAge {
		return nil, ErrExpired
	}
	return session, nil
}

// WriteSession makes the cookie of a session. One that needs several cookies is refused here.
func WriteSession(key *Key, mode Mode, session *Session, cookieName string, tenant *string, now time.Time) (*http.Cookie, error) {
	var record []interface{}
	last := 0
	for at, field := range session.fields() {
		value := reflect.ValueOf(field).Elem()
		if value.Kind() != reflect.Float64 && value.IsNil() {
			record = append(record, Undefined) // a nil would be null, which only MaxAge may be
			continue
		}
		record = append(record, value.Interface())
		last = at
	}
	payload, err := Marshal(record[:last+1])
	if err != nil {
		return nil, err
	}
	token, err := Seal(key, binding(mode, cookieName, 1, tenant), payload, now)
	if err != nil {
		return nil, err
	}
	if len(cookieName)+len(token) > cookieRoom {
		return nil, errors.New("the session does not fit into one cookie")
	}
	return &http.Cookie{Name: cookieName, Value: token, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}, nil
}

// joinCookies puts the token of a session together, which may be split over several cookies. If cookies of one name come more than
// once, Sealring tries them all, and this example the first.
func joinCookies(r *http.Request, name string) (token string, chunks int, err error) {
	cookie, err := r.Cookie(name)
	if err != nil {
		return "", 0, err
	}
	count, token, isSplit := strings.Cut(cookie.Value, ".")
	if !isSplit {
		return cookie.Value, 1, nil
	}
	chunks, err = strconv.Atoi(count)
	if err != nil || strconv.Itoa(chunks) != count || chunks < 2 || chunks > maxChunks {
		return "", 0, ErrMalformed
	}
	for at := 1; at < chunks; at++ {
		part, err := r.Cookie(fmt.Sprintf("%s.%d", name, at))
		if err != nil {
			return "", 0, ErrMalformed
		}
		token += part.Value
	}
	return token, chunks, nil
}
