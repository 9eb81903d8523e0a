// Runs the Lua scripts of an Argo CD resource customization with Argo CD's own engine: one JSON request a line on the
// standard input, one JSON answer a line on the standard output.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/argoproj/argo-cd/v3/util/lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Longest line of a request, in bytes.
const longest = 16 << 20

// A request to run a script on an object.
type request struct {
	// What the script is: health, discovery or action.
	Run    string         `json:"run"`
	Script string         `json:"script"`
	Object map[string]any `json:"object"`
}

type answer struct {
	Health  map[string]string `json:"health,omitempty"`
	Actions map[string]bool   `json:"actions,omitempty"`
	Object  map[string]any    `json:"object,omitempty"`
	Error   string            `json:"error,omitempty"`
}

func health(script string, object *unstructured.Unstructured) (answer, error) {
	found, err := lua.VM{}.ExecuteHealthLua(object, script)
	if err != nil {
		return answer{}, err
	}
	return answer{Health: map[string]string{"status": string(found.Status), "message": found.Message}}, nil
}

// The names of the actions that a script discovers, and whether each can be run now.
func discovery(script string, object *unstructured.Unstructured) (answer, error) {
	found, err := lua.VM{}.ExecuteResourceActionDiscovery(object, []string{script})
	if err != nil {
		return answer{}, err
	}
	actions := map[string]bool{}
	for _, action := range found {
		actions[action.Name] = !action.Disabled
	}
	return answer{Actions: actions}, nil
}

// The object as an action leaves it.
func action(script string, object *unstructured.Unstructured) (answer, error) {
	impacted, err := lua.VM{}.ExecuteResourceAction(object, script, nil)
	if err != nil {
		return answer{}, err
	}
	return answer{Object: impacted[0].UnstructuredObj.Object}, nil
}

func run(line []byte) answer {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	scripts := map[string]func(string, *unstructured.Unstructured) (answer, error){
		"health": health, "discovery": discovery, "action": action,
	}
	execute, known := scripts[asked.Run]
	if !known {
		return answer{Error: "run must be health, discovery or action"}
	}
	found, err := execute(asked.Script, &unstructured.Unstructured{Object: asked.Object})
	if err != nil {
		return answer{Error: err.Error()}
	}
	return found
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longest)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if err := out.Encode(run(lines.Bytes())); err != nil {
			os.Exit(1)
		}
	}
	if lines.Err() != nil {
		os.Exit(1)
	}
}
