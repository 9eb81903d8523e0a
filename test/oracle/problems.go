package main

import (
	"encoding/json"
	"errors"
	"regexp"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A problem is one cause of a refusal, as the API server words it.
type problem struct {
	Field  string `json:"field"`
	Type   string `json:"type"`
	Detail string `json:"detail"`
	// Message is what kubectl prints after the field.
	Message  string          `json:"message"`
	BadValue json.RawMessage `json:"badValue,omitempty"`
}

// An admission is the answer to load-crd, cr and object.
type admission struct {
	OK        bool      `json:"ok"`
	Errors    []problem `json:"errors"`
	Warnings  []string  `json:"warnings,omitempty"`
	Defaulted any       `json:"defaulted,omitempty"`
}

// Bad values longer than this, such as whole objects, are left out of an answer.
const longestBadValue = 500

func fieldProblems(list field.ErrorList) []problem {
	problems := []problem{}
	for _, found := range list {
		value, err := json.Marshal(found.BadValue)
		if err != nil || found.BadValue == nil || len(value) > longestBadValue {
			value = nil
		}
		problems = append(problems, problem{
			Field: found.Field, Type: string(found.Type), Detail: found.Detail, Message: found.ErrorBody(), BadValue: value,
		})
	}
	return problems
}

var strictPath = regexp.MustCompile(`^(unknown|duplicate) field "(.*)"$`)

// strictProblems takes apart an error of strict decoding; every other error is one problem of type "Decoding".
func strictProblems(err error) (problems []problem, onlyStrict bool) {
	strict, isStrict := runtime.AsStrictDecodingError(err)
	if !isStrict {
		return []problem{{Type: "Decoding", Detail: err.Error(), Message: err.Error()}}, false
	}
	for _, found := range strict.Errors() {
		problems = append(problems, strictProblem(found.Error()))
	}
	return problems, true
}

func strictProblem(message string) problem {
	if match := strictPath.FindStringSubmatch(message); match != nil {
		return problem{Field: match[2], Type: match[1] + " field", Detail: message, Message: message}
	}
	return problem{Type: "Decoding", Detail: message, Message: message}
}

func failed(err error) admission {
	var found *field.Error
	if errors.As(err, &found) {
		return admission{Errors: fieldProblems(field.ErrorList{found})}
	}
	return admission{Errors: []problem{{Type: "Decoding", Detail: err.Error(), Message: err.Error()}}}
}
