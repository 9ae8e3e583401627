package column_test

import (
	"strings"
	"testing"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
)

// Fields that list labels are told from names and texts with the same signs.
func TestFindSeparator(t *testing.T) {
	for fields, want := range map[string]string{
		"Drama|Comedy/Drama/Comedy/Comedy|Action/Action":   "|",
		"a;b/b/a/b;a;c/c/c;a":                              ";",
		"red, blue/red/blue/green, red/green":              ",",
		"{a,b}/{a}/{b}/{}":                                 "list",
		"['a', 'b']/['a']/['b']":                           "list",
		"Portland, OR/Boise, ID/Reno, NV/Paris":            "",
		"Smith, John/Doe, Jane/Roe, Ann":                   "",
		"1,5/2,5/1/2":                                      "",
		"$1,234/$1,235/$1":                                 "",
		"a|b/b|c/a|c":                                      "", // each has two: two columns in one
		"yes/no":                                           "",
		"Private/Self-emp-not-inc/State-gov/Local-gov/":    "",
		"Married;/Single;/Widowed;":                        "",
		"It was good, really/It was bad/No, it was not/No": "",
	} {
		counts := map[string]int{}
		for f := range strings.SplitSeq(fields, "/") {
			counts[f] += 3
		}
		separator, example, ok := column.FindSeparator(counts)
		if ok && separator == "" {
			separator = "list"
		}
		if separator != want || ok != (want != "") || ok && counts[example] == 0 {
			t.Errorf("%s: %q (%s), want %q", fields, separator, example, want)
		}
	}
}

// What is read as one label, and seems to list several, is told once, with the setting that reads it.
func TestForgottenSeparator(t *testing.T) {
	for section, want := range map[string]string{
		"target: {column: bar, type: category}":             `warning: target bar: fields such as "a|b" seem to list several labels, and each is read as one word; {column: bar, type: labels} reads the labels`,
		"target: {column: semi, type: category}":            `{column: semi, type: labels, separator: ";"} reads the labels`,
		"target: bar":                                       "warning: target bar: fields such as",
		"target: {column: semi, type: labels}":              `warning: target semi: no field has the separator "|", and fields such as "a;b" seem to list several labels; set separator: ";"`,
		"target: y, inputs: [bar]":                          `warning: bar: fields such as "a|b" seem to list several labels`,
		"target: y, inputs: [{column: semi, type: labels}]": `warning: semi: no field has the separator "|"`,
		"target: y, inputs: [pg]":                           `warning: pg: fields such as "{a,b}" seem to list several labels`,
	} {
		csv := tableOf("bar,semi,pg,x,y", func(i int) string {
			return []string{`a|b,a;b,"{a,b}"`, `a,a,{a}`, `b,b,{b}`, `b|c,b;c,"{b,c}"`, `a|b,a;b,"{a,b}"`}[i%5] + "," + string(rune('0'+i%7)) + "," + string(rune('0'+i%9)) + ".5"
		})
		if !strings.Contains(section, "inputs") {
			section += ", inputs: [x]"
		}
		d, problems := datasettest.LoadTable(t, csv, section)
		if problems != "" {
			t.Fatalf("%s: %s", section, problems)
		}
		told := 0
		for _, note := range d.Notes.Texts() {
			if strings.Contains(note, "several labels") {
				told++
			}
		}
		if !datasettest.Noted(d, want) || told != 1 {
			t.Errorf("%s: not noted once: %s\n%s", section, want, strings.Join(d.Notes.Texts(), "\n"))
		}
	}
	d, _ := datasettest.LoadTable(t, tableOf("l,x", func(i int) string { return []string{"a|b", "a", "b", "c|a"}[i%4] + "," + string(rune('0'+i%7)) }), "target: {column: l, type: labels}")
	if datasettest.Noted(d, "several labels") {
		t.Error("labels with the right separator are warned of")
	}
}
