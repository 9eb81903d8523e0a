package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"sort"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/apis/batch"
	"k8s.io/kubernetes/pkg/apis/batch/validation"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"sigs.k8s.io/yaml"
)

// A CronJob without fault, to which one value at a time is put.
const plainCronJob = `{"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "a", "namespace": "default"},
"spec": {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never",
"containers": [{"name": "a", "image": "a"}]}}}}}}`

var plain *batch.CronJob

// cronJobProblems says what validation finds at one field of a CronJob that is otherwise valid.
func cronJobProblems(path string, change func(*batch.CronJobSpec)) verdict {
	if plain == nil {
		object, _, problems := decodeBuiltIn([]byte(plainCronJob))
		if len(problems) > 0 {
			panic(problems[0].Detail)
		}
		plain = object.(*batch.CronJob)
	}
	job := plain.DeepCopy()
	change(&job.Spec)
	return verdictAt(path, validation.ValidateCronJobCreate(job, corevalidation.PodValidationOptions{}))
}

func verdictAt(path string, list field.ErrorList) verdict {
	var found []string
	for _, problem := range list {
		if problem.Field == path {
			found = append(found, problem.ErrorBody())
		}
	}
	return verdict{OK: len(found) == 0, Error: strings.Join(found, "; ")}
}

// askCron gives the verdict on spec.schedule and, with "after", up to three fires in UTC: none when it never fires.
func askCron(asked question) any {
	found := cronJobProblems("spec.schedule", func(spec *batch.CronJobSpec) { spec.Schedule = asked.Value })
	if !found.OK || asked.After == "" {
		return found
	}
	moment, err := time.Parse(time.RFC3339, asked.After)
	if err != nil {
		return verdict{Error: "after: " + err.Error()}
	}
	schedule, err := cron.ParseStandard(asked.Value)
	if err != nil {
		return verdict{Error: err.Error()}
	}
	next := []string{}
	for moment = schedule.Next(moment.UTC()); len(next) < 3 && !moment.IsZero(); moment = schedule.Next(moment) {
		next = append(next, moment.Format(time.RFC3339Nano))
	}
	return struct {
		verdict
		Next []string `json:"next"`
	}{found, next}
}

// timeZoneVerdict asks validation, which also reads this machine's zone files, and then holds to the embedded database:
// the same answer on every machine.
func timeZoneVerdict(name string) verdict {
	found := cronJobProblems("spec.timeZone", func(spec *batch.CronJobSpec) { spec.TimeZone = &name })
	if found.OK && name != "UTC" && !embeddedZones()[name] {
		return verdict{Error: "unknown time zone " + name}
	}
	return found
}

func askTimeZone(asked question) any {
	return timeZoneVerdict(asked.Value)
}

// askTimeZones lists every name that the embedded database and the validation both know.
func askTimeZones(question) any {
	names := []string{}
	for name := range embeddedZones() {
		if timeZoneVerdict(name).OK {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return struct {
		verdict
		Names []string `json:"names"`
	}{verdict{OK: true}, names}
}

var zones map[string]bool

// embeddedZones reads the names out of time/tzdata, whose zip archive lies uncompressed in this very program: the
// package exports no list, and a running oracle must not need a Go installation.
func embeddedZones() map[string]bool {
	if zones != nil {
		return zones
	}
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	const header, signature = 30, "PK\x03\x04"
	// In two pieces, so that this file's own constant is not what is found.
	first := bytes.Index(program, append([]byte("Africa/Abidjan"), "TZif"...)) - header
	if first < 0 || !bytes.HasPrefix(program[first:], []byte(signature)) {
		panic("the program holds no time zones")
	}
	zones = map[string]bool{}
	for entry := program[first:]; bytes.HasPrefix(entry, []byte(signature)); {
		size := int(binary.LittleEndian.Uint32(entry[18:]))
		name := int(binary.LittleEndian.Uint16(entry[26:]))
		extra := int(binary.LittleEndian.Uint16(entry[28:]))
		zones[string(entry[header:header+name])] = size > 0
		entry = entry[header+name+extra+size:]
	}
	return zones
}

// askQuantity gives the exact value, the canonical text, and the text that the API server gives back, which is sometimes
// the text as written.
func askQuantity(asked question) any {
	quantity, err := resource.ParseQuantity(asked.Value)
	if err != nil {
		return verdict{Error: err.Error()}
	}
	number, suffix := quantity.CanonicalizeBytes(nil)
	return struct {
		verdict
		Stored    string `json:"stored"`
		Canonical string `json:"canonical"`
		Exact     string `json:"exact"`
		Format    string `json:"format"`
	}{verdict{OK: true}, quantity.String(), string(number) + string(suffix), quantity.AsDec().String(), string(quantity.Format)}
}

// askYAML gives the JSON that kubectl makes of one YAML document.
func askYAML(asked question) any {
	text, err := yaml.YAMLToJSON([]byte(asked.Value))
	if err != nil {
		return verdict{Error: err.Error()}
	}
	return struct {
		verdict
		JSON string `json:"json"`
	}{verdict{OK: true}, string(text)}
}
