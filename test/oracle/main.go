// Command oracle answers as a Kubernetes 1.34 API server would, with its own Go code and no cluster.
//
// One JSON question a line on stdin, one JSON answer a line on stdout, in the same order. It ends when stdin closes.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"k8s.io/klog/v2"
)

// A question holds every field that some ask reads.
type question struct {
	Ask         string          `json:"ask"`
	Value       string          `json:"value"`
	After       string          `json:"after"`
	Name        string          `json:"name"`
	Namespace   string          `json:"namespace"`
	Subresource string          `json:"subresource"`
	CRD         string          `json:"crd"`
	Object      json.RawMessage `json:"object"`
	OldObject   json.RawMessage `json:"oldObject"`
}

// A verdict is the answer to the asks about one value.
type verdict struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
	// Panic is the stack, when Kubernetes' own code panicked; the API server answers that with an internal error.
	Panic string `json:"panic,omitempty"`
}

var asks map[string]func(question) any

func init() {
	asks = map[string]func(question) any{
		"cron": askCron, "timezone": askTimeZone, "timezones": askTimeZones, "quantity": askQuantity, "yaml": askYAML,
		"load-crd": askLoadCRD, "cr": askCustomResource, "object": askObject,
	}
}

func answer(line []byte) (answered any) {
	defer func() {
		if cause := recover(); cause != nil {
			answered = verdict{Error: fmt.Sprintf("panic: %v", cause), Panic: string(debug.Stack())}
		}
	}()
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return verdict{Error: "bad request: " + err.Error()}
	}
	if ask, known := asks[asked.Ask]; known {
		return ask(asked)
	}
	return verdict{Error: "unknown ask: " + asked.Ask}
}

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			if failure := encoder.Encode(answer(line)); failure != nil {
				fmt.Fprintf(out, "{\"ok\":false,\"error\":%q}\n", failure.Error())
			}
		}
		if err != nil || in.Buffered() == 0 {
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}
