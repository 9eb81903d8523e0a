// Command oracle answers as a Kubernetes 1.34 API server would, with its own Go code and no cluster.
//
// One JSON request a line on stdin, one JSON answer a line on stdout, in order. The answer repeats the request's "id".
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"k8s.io/klog/v2"
)

// request holds every field that some ask reads; see README.md for which ask reads what.
type request struct {
	ID          json.RawMessage `json:"id,omitempty"`
	Ask         string          `json:"ask"`
	Value       string          `json:"value,omitempty"`
	After       string          `json:"after,omitempty"`
	Name        string          `json:"name,omitempty"`
	Namespace   string          `json:"namespace,omitempty"`
	Subresource string          `json:"subresource,omitempty"`
	CRD         json.RawMessage `json:"crd,omitempty"`
	Object      json.RawMessage `json:"object,omitempty"`
	OldObject   json.RawMessage `json:"oldObject,omitempty"`
}

// answer is a JSON object; "failed" in it means that the request could not be understood.
type answer map[string]any

var asks = map[string]func(request) answer{
	"cron":      askCron,
	"timezone":  askTimeZone,
	"timezones": askTimeZones,
	"quantity":  askQuantity,
	"yaml":      askYAML,
	"crd":       askCRD,
	"load-crd":  askLoadCRD,
	"cr":        askCustomResource,
	"object":    askObject,
}

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			write(out, answerLine(line))
		}
		if in.Buffered() == 0 || err != nil {
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

func answerLine(line []byte) (result answer) {
	var req request
	defer func() {
		if req.ID != nil {
			result["id"] = req.ID
		}
	}()
	// The API server turns a panic into an internal error, so a request that panics is refused.
	defer func() {
		if cause := recover(); cause != nil {
			text := fmt.Sprintf("panic: %v", cause)
			result = answer{"ok": false, "error": text, "errors": []problem{{Type: "InternalError", Detail: text, Message: text}}}
		}
	}()
	if err := json.Unmarshal(line, &req); err != nil {
		return answer{"failed": err.Error()}
	}
	ask, known := asks[req.Ask]
	if !known {
		return answer{"failed": fmt.Sprintf("there is no ask %q", req.Ask)}
	}
	return ask(req)
}

func write(out *bufio.Writer, result answer) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(result); err != nil {
		fmt.Fprintf(out, "{\"id\":%s,\"failed\":%q}\n", result["id"], err.Error())
	}
}
