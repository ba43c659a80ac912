// gorilla/sessions on the same request: CookieStore, the fixture in the session, one key read, one changed, saved.
// Reads the fixture's JSON from standard input, writes microseconds of CPU time per request.
package main

import (
	"encoding/gob"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/gorilla/sessions"
)

const requests = 20000

func main() {
	var contents map[string]interface{}
	must(json.NewDecoder(os.Stdin).Decode(&contents))
	gob.Register(map[string]interface{}{})
	gob.Register([]interface{}{})

	store := sessions.NewCookieStore(key(64), key(32)) // HMAC-SHA256, AES-256
	cookie := visit(store, "", func(values map[interface{}]interface{}) {
		for name, value := range contents {
			values[name] = value
		}
		values["visits"] = 1
	})
	changed := visit(store, cookie, change)
	visit(store, changed, func(values map[interface{}]interface{}) {
		if values["visits"] != 2 || values["userId"] != contents["userId"] {
			panic("gorilla loses a change")
		}
	})

	for range [requests / 10]struct{}{} {
		visit(store, cookie, change)
	}
	start := cpu()
	for range [requests]struct{}{} {
		visit(store, cookie, change)
	}
	fmt.Printf("%.2f\n", float64((cpu()-start).Nanoseconds())/1000/requests)
}

func change(values map[interface{}]interface{}) {
	_ = values["userId"]
	values["visits"] = values["visits"].(int) + 1
}

func visit(store sessions.Store, cookie string, handle func(map[interface{}]interface{})) string {
	request := &http.Request{Method: "GET", Header: http.Header{}}
	if cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	response := httptest.NewRecorder()
	session, err := store.Get(request, "login")
	must(err)
	handle(session.Values)
	must(session.Save(request, response))
	cookie, _, _ = strings.Cut(response.Header().Get("Set-Cookie"), ";")
	return cookie
}

func key(length int) []byte {
	key := make([]byte, length)
	for place := range key {
		key[place] = byte(place*73 + 11)
	}
	return key
}

func cpu() time.Duration {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
