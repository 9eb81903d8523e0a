// Asks an Argo CD repository server for the manifests of Applications, as Argo CD's application controller does: one JSON
// request a line on the standard input, one JSON answer a line on the standard output. The argument is the server's address.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"time"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"google.golang.org/grpc/status"
)

// Longest line of a request, in bytes.
const longest = 16 << 20

// Longest wait for an answer, in seconds.
const patience = 120

// A request for the manifests of one Application.
type request struct {
	Name string `json:"name"`
	// The namespace of spec.destination.
	Namespace string                     `json:"namespace"`
	Source    v1alpha1.ApplicationSource `json:"source"`
	// The value of the annotation argocd.argoproj.io/manifest-generate-paths.
	GeneratePaths string `json:"generatePaths"`
}

type answer struct {
	// Each manifest as JSON text.
	Manifests  []string `json:"manifests,omitempty"`
	SourceType string   `json:"sourceType,omitempty"`
	// What the Application shows as ComparisonError.
	Error   string  `json:"error,omitempty"`
	Seconds float64 `json:"seconds"`
}

func ask(client apiclient.RepoServerServiceClient, asked *request) answer {
	ctx, cancel := context.WithTimeout(context.Background(), patience*time.Second)
	defer cancel()
	began := time.Now()
	found, err := client.GenerateManifest(ctx, &apiclient.ManifestRequest{
		Repo:                            &v1alpha1.Repository{Repo: asked.Source.RepoURL},
		Revision:                        asked.Source.TargetRevision,
		NoCache:                         true,
		AppName:                         asked.Name,
		Namespace:                       asked.Namespace,
		ApplicationSource:               &asked.Source,
		AppLabelKey:                     "app.kubernetes.io/instance",
		TrackingMethod:                  "annotation",
		ProjectName:                     "default",
		ProjectSourceRepos:              []string{"*"},
		KubeVersion:                     "1.34.0",
		AnnotationManifestGeneratePaths: asked.GeneratePaths,
	})
	seconds := time.Since(began).Seconds()
	if err != nil {
		return answer{Error: status.Convert(err).Message(), Seconds: seconds}
	}
	return answer{Manifests: found.Manifests, SourceType: found.SourceType, Seconds: seconds}
}

func main() {
	clients := apiclient.NewRepoServerClientset(os.Args[1], patience, apiclient.TLSConfiguration{DisableTLS: true})
	connection, client, err := clients.NewRepoServerClient()
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	defer func() { _ = connection.Close() }()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longest)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			os.Exit(1)
		}
		if err := out.Encode(ask(client, &asked)); err != nil {
			os.Exit(1)
		}
	}
	if lines.Err() != nil {
		os.Exit(1)
	}
}
