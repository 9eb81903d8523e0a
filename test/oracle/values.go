package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"sort"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/apis/batch"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"sigs.k8s.io/yaml"
)

const plainCronJob = `{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"c","namespace":"default"},"spec":{
  "schedule":"0 0 * * *","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never",
  "containers":[{"name":"c","image":"c"}]}}}}}}`

var plain *batch.CronJob

// cronJobProblems says what validation finds at one field of a CronJob that is otherwise valid.
func cronJobProblems(path string, change func(*batch.CronJob)) field.ErrorList {
	if plain == nil {
		object, errs := decodeBuiltin([]byte(plainCronJob))
		if len(errs) > 0 {
			panic(errs)
		}
		plain = object.(*batch.CronJob)
	}
	job := plain.DeepCopy()
	change(job)
	var found field.ErrorList
	for _, err := range batchvalidation.ValidateCronJobCreate(job, corevalidation.PodValidationOptions{}) {
		if err.Field == path {
			found = append(found, err)
		}
	}
	return found
}

func verdict(errs field.ErrorList) answer {
	if len(errs) == 0 {
		return answer{"ok": true}
	}
	return answer{"ok": false, "error": errs.ToAggregate().Error()}
}

// askCron gives the verdict on spec.schedule, and with "after" the next three fires in UTC ("" for never).
func askCron(req request) answer {
	result := verdict(cronJobProblems("spec.schedule", func(job *batch.CronJob) { job.Spec.Schedule = req.Value }))
	if result["ok"] != true || req.After == "" {
		return result
	}
	moment, err := time.Parse(time.RFC3339, req.After)
	if err != nil {
		return answer{"failed": err.Error()}
	}
	schedule, err := cron.ParseStandard(req.Value)
	if err != nil {
		return answer{"failed": err.Error()}
	}
	moment = moment.UTC()
	next := []string{}
	for range 3 {
		moment = schedule.Next(moment)
		if moment.IsZero() {
			next = append(next, "")
			break
		}
		next = append(next, moment.Format(time.RFC3339Nano))
	}
	result["next"] = next
	return result
}

// askTimeZone gives the verdict on spec.timeZone with the embedded database alone, not with this machine's zone files.
func askTimeZone(req request) answer {
	return timeZoneVerdict(req.Value)
}

func timeZoneVerdict(name string) answer {
	result := verdict(cronJobProblems("spec.timeZone", func(job *batch.CronJob) { job.Spec.TimeZone = &name }))
	if result["ok"] == true && name != "UTC" && !embeddedZones()[name] {
		return answer{"ok": false, "error": "only this machine's zone files know it"}
	}
	return result
}

// askTimeZones lists every name that both the embedded database and the validation know.
func askTimeZones(request) answer {
	names := []string{}
	for name := range embeddedZones() {
		if timeZoneVerdict(name)["ok"] == true {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return answer{"names": names}
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
	first := bytes.Index(program, []byte("Africa/AbidjanTZif")) - header
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

// askQuantity gives the verdict, the exact value, the canonical text, and the text that the API server gives back
// (it keeps some texts as written).
func askQuantity(req request) answer {
	quantity, err := resource.ParseQuantity(req.Value)
	if err != nil {
		return answer{"ok": false, "error": err.Error()}
	}
	number, suffix := quantity.CanonicalizeBytes(make([]byte, 0, 32))
	result := answer{"ok": true, "canonical": string(number) + string(suffix), "stored": quantity.String()}
	result["value"] = quantity.AsDec().String()
	return result
}

// askYAML gives the JSON text that kubectl makes of one YAML document.
func askYAML(req request) answer {
	text, err := yaml.YAMLToJSON([]byte(req.Value))
	if err != nil {
		return answer{"ok": false, "error": err.Error()}
	}
	return answer{"ok": true, "json": string(text)}
}
