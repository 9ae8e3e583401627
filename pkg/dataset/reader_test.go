package dataset_test

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// readTable reads a file with a format that is chosen as in a spec.
func readTable(t *testing.T, name, text, settings string) (*table.Table, string) {
	t.Helper()
	dir := datasettest.Write(t, map[string]string{name: text})
	doc, err := spec.Parse("spec.yaml", []byte("dataset: {path: "+name+settings+"}"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var top struct{ Dataset dataset.Settings }
	var p spec.Problems
	doc.Decode(&top, &p)
	l := dataset.NewLoader(&top.Dataset, dir, 1, &p)
	var tab *table.Table
	if top.Dataset.Format != nil {
		tab = top.Dataset.Format.Read(l, "")
	}
	l.Summarize()
	if err := p.Err(doc); err != nil {
		return tab, strings.ReplaceAll(err.Error(), dir+"/", "")
	}
	return tab, ""
}

func TestReaders(t *testing.T) {
	for _, c := range []struct {
		name, file, settings, text string
		want                       string // columns by |, rows by /
		problem                    string
	}{
		{"plain", "d.csv", "", "a,b\n1,x\n2,y\n", "a=1|2 b=x|y", ""},
		{"no last line end", "d.csv", "", "a,b\n1,x", "a=1 b=x", ""},
		{"crlf", "d.csv", "", "a,b\r\n1,x\r\n", "a=1 b=x", ""},
		{"cr cr lf", "d.csv", "", "a,b\r\r\n1,x\r\r\n", "a=1 b=x", ""},
		{"cr in a quoted name", "d.csv", "", "\"a\rz\",b\n1,x\n", "a\rz=1 b=x", ""},
		{"cr", "d.csv", "", "a,b\r1,x\r", "", "d.csv: its lines end in CR alone; save it with LF"},
		{"tsv cr", "d.tsv", ", header: false", "1\tx\r2\ty", "", "d.tsv: its lines end in CR alone"},
		{"jsonl cr", "d.jsonl", "", "{\"a\": 1}\r{\"a\": 2}\r", "", "d.jsonl: its lines end in CR alone"},
		{"byte order mark", "d.csv", "", "\ufeffa,b\n1,x\n", "a=1 b=x", ""},
		{"empty lines", "d.csv", "", "a,b\n\n1,x\n\n\n", "a=1 b=x", ""},
		{"empty lines of one column", "d.csv", "", "\na\n1\n\n\n2\n\n\n", "a=1|||2", ""},
		{"empty lines of one column, crlf", "d.csv", "", "a\r\n\r\n1\r\n\r\n2\r\n\r\n", "a=|1||2", ""},
		{"empty lines of one column, no header", "d.csv", ", header: false", "1\n\n2", "c0=1||2", ""},
		{"empty lines of one column, tsv", "d.tsv", "", "a\n1\n\n2\n\n", "a=1||2", ""},
		{"empty lines behind a field of two lines", "d.csv", "", "a\n\"1\n2\"\n\n3\n", "a=1\n2||3", ""},
		{"empty lines behind a bad row", "d.csv", "", "a\n1,2\n\n3\n", "a=|3", "d.csv:2: 2 fields, but there is 1 column"},
		{"blanks", "d.csv", "", "a , b\n 1,\tx \n", "a=1 b=x", ""},
		{"quotes", "d.csv", "", "a,b\n\"1,5\",\"say \"\"x\"\"\"\n", `a=1,5 b=say "x"`, ""},
		{"blank before a quote", "d.csv", "", "a,b\n1, \"x,y\"\n", "a=1 b=x,y", ""},
		{"line end in quotes", "d.csv", "", "a,b\n\"1\n2\",x\n3,y\n", "a=1\n2|3 b=x|y", ""},
		{"gzip", "d.csv.gz", "", "a,b\n1,x\n", "a=1 b=x", ""},
		{"zstd", "d.csv.zst", "", "a,b\n1,x\n", "a=1 b=x", ""},
		{"zstd, another name", "d.tsv", "", "\x28\xb5\x2f\xfd\x00\x58\x41\x00\x00a\tb\n1\t2\n", "a=1 b=2", ""},
		{"zstd of 2 GB at once", "d.csv", "", "\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", "", "d.csv: window size exceeded"},
		{"zstd cut off", "d.csv", "", "\x28\xb5\x2f\xfd\x04\x00\x41", "", "d.csv: unexpected EOF"},
		{"gaps", "d.csv", "", "a,b\n,NA\nNaN,null\n?,n/a\n", "a=||? b=||n/a", ""},
		{"own gaps", "d.csv", `, missing_values: ["?", -99]`, "a,b\n?,-99\nNA,-9\n", "a=|NA b=|-9", ""},
		{"no header", "d.csv", ", header: false", "1,x\n2,y\n", "c0=1|2 c1=x|y", ""},
		{"listed header", "d.csv", ", header: [p, q]", "1,x\n2,y\n", "p=1|2 q=x|y", ""},
		{"nameless column", "d.csv", "", ",b\n1,x\n", "c0=1 b=x", ""},
		{"delimiter", "d.csv", `, delimiter: ";"`, "a;b\n1,5;x\n", "a=1,5 b=x", ""},
		{"tab delimiter", "d.csv", `, delimiter: "\t"`, "a\tb\n\tx\n", "a= b=x", ""},
		{"quotes as letters", "d.csv", ", quotes: false", "a,b\n5\",\"x\n", `a=5" b="x`, ""},
		{"short row", "d.csv", "", "a,b\n1,x\n2\n3,y\n", "a=1|3 b=x|y", "d.csv:3: 1 field, but there are 2 columns"},
		{"long row", "d.csv", "", "a,b\n\"1\n\",x\n2,y,z\n", "a=1 b=x", "d.csv:4: 3 fields, but there are 2 columns"},
		{"many bad rows", "d.csv", "", "a,b\n1\n2\n3\n4\n5\n6,x\n", "a=6 b=x", "rows that cannot be read: 2 more rows like this"},
		{"bare quote", "d.csv", "", "a,b\n1,x\"y\n2,z\n", "a=2 b=z", "d.csv:2: a quote in the middle of a field (column 4); quote a field that contains quotes, and double those (\"say \"\"hi\"\"\"), or set quotes: false"},
		{"escaped quote", "d.csv", "", "a,b\n1,\"x \\\"y\\\", z\"\n2,z\n", "a=2 b=z", `d.csv:2: a quoted field does not end properly (column 7); set escape: "\\" if \" is a quote within a field`},
		{"open quote", "d.csv", "", "a,b\n1,x\n2,\"z\n3,w\n", "a=1 b=x", "d.csv:3: the quote that opens in line 3 (column 3) does not end; quote a field"},
		{"quote that opens later", "d.csv", "", "a,b\n1,x\n\"2\n2\",\"z\n3,w\n", "a=1 b=x", "d.csv:3: the quote that opens in line 4 (column 4) does not end"},
		{"quote that opens after comments", "d.csv", `, comment: "#"`, "#\na,b\n1,x\n#\n\"2\n2\",\"z\n3,w\n", "a=1 b=x", "d.csv:5: the quote that opens in line 6 (column 4) does not end"},
		{"long line", "d.csv", ", max_line: 0.00001", "a,b\n1,x\n2,yyyyyyyyy\n3,z", "a=1 b=x", "d.csv: line 3 has more than 10 bytes, the most that max_line allows"},
		{"long line after a comment", "d.csv", `, max_line: 0.00001, comment: "#"`, "#\na,b\n1,x\n2,yyyyyyyyy\n3,z", "a=1 b=x", "d.csv: line 4 has more than 10 bytes"},
		{"long line of tabs", "d.tsv", ", max_line: 0.00001", "a\tb\n1\tx\n2\tyyyyyyyyy\n", "a=1 b=x", "d.tsv: line 3 has more than 10 bytes"},
		{"long row with escapes", "d.csv", `, max_line: 0.00001, escape: "\\"`, "a,b\n1,x\n2,yyyy\\\nyyyyy\n3,z", "a=1 b=x", "d.csv: the row that ends in line 4 has more than 10 bytes"},
		{"long header", "d.csv", ", max_line: 0.00001", "a,bbbbbbbbb\n1,x\n", "", "d.csv: the header: line 1 has more than 10 bytes"},
		{"quote that opens for long", "d.csv", ", max_line: 0.00001", "a,b\n1,\"x\ny\nz\nu\nv\"\n", "", "d.csv: the quote that opens in line 2 (column 3) does not end within 10 bytes, the most that max_line allows"},
		{"long line in gzip", "d.csv.gz", ", max_line: 0.001", "a,b\n" + strings.Repeat("0", 1_000_000), "", "d.csv.gz: line 2 has more than 1,000 bytes"},
		{"doubled name", "d.csv", "", "a,b,a\n1,2,3\n", "a=1 b=2 a=3", `two columns are named "a"`},
		{"doubled name that nothing reads", "d.csv", ", inputs: [a]", "a,b,b\n1,2,3\n", "a=1", ""},
		{"comments", "d.csv", `, comment: "#"`, "# made today, by me\na,b\n1,x\n#2,y\n3,\"#\n#\"\n4,z#\n", "a=1|3|4 b=x|#\n#|z#", ""},
		{"comments of one column", "d.csv", `, comment: "//"`, "// made today\na\n1\n// no gap\n\n2\n\n// end\n", "a=1||2", ""},
		{"comments and a bad row", "d.csv", `, comment: "#"`, "# x\na,b\n# y\n1\n", "", "d.csv:4: 1 field, but there are 2 columns"},
		{"comments, tsv", "d.tsv", `, comment: "%"`, "% x\na\tb\n1\t2\n%", "a=1 b=2", ""},
		{"rows to skip", "d.csv", ", skip_rows: 2", "Report, 2024\n\na,b\n1,x\n2\n", "a=1 b=x", "d.csv:5: 1 field, but there are 2 columns"},
		{"a title", "d.csv", "", "Report\na,b\n", "", `d.csv:2: 2 fields, but there is 1 column; if "Report" is no header line, skip_rows leaves out the lines before it`},
		{"sep=", "d.csv", "", "sep=;\r\na;b\r\n1,5;x\r\n", "a=1,5 b=x", ""},
		{"sep= and rows to skip", "d.csv", ", skip_rows: 2", "\"SEP=\t\"\ntitle\na\tb\n1\tx\n", "a=1 b=x", ""},
		{"repeated header", "d.csv", "", "a,b\n1,x\na, b\n2,y\na,b\n", "a=1|2 b=x|y", ""},
		{"repeated header of one column", "d.csv", "", "a\n1\na\n", "a=1|a", ""},
		{"unnamed column without fields", "d.csv", "", "a,b,\n1,x,\n2,y,\n", "a=1|2 b=x|y", ""},
		{"escapes", "d.csv", `, escape: "\\"`, `a,b` + "\n" + `"say \"x\", \\",1` + "\n" + `p\,q, "r""s"` + "\n" + `\N,\x` + "\n\n" + `"c` + "\n" + `d",e\` + "\nf", "a=say \"x\", \\|p,q|\\N|c\nd b=1|r\"s|x|e\nf", ""},
		{"escapes and an open quote", "d.csv", `, escape: "\\"`, "a,b\n1,\"x\\\"\n", "", "d.csv:2: the quote that opens in line 2 does not end"},
		{"escapes without quotes", "d.tsv", `, escape: "\\"`, "a\tb\n\"1\\\t2\tx\n", "a=\"1\t2 b=x", ""},
		{"latin1", "d.csv", ", encoding: latin1", "caf\xe9,b\n\xfcber,x\n", "café=über b=x", ""},
		{"windows-1251", "d.csv", ", encoding: windows-1251", "a,b\n\xef\xf0\xe8\xe2\xe5\xf2,x\n", "a=привет b=x", ""},
		{"utf-16 by its mark", "d.tsv", "", "\xff\xfea\x00\t\x00b\x00\n\x001\x00\t\x00\xe9\x00\n\x00", "a=1 b=é", ""},
		{"utf-16 without a mark", "d.csv", ", encoding: utf16le", "a\x00\n\x001\x00\n\x00", "a=1", ""},
		{"unknown encoding", "d.csv", ", encoding: latin77", "a\n1\n", "a=1", `no encoding is called "latin77"`},
		{"header only", "d.csv", "", "a,b\n", "", "d.csv: no rows below the header"},
		{"no header, no rows", "d.csv", ", header: [a, b]", "", "", "d.csv: no rows"},
		{"only bad rows", "d.csv", "", "a,b\n1\n", "", "d.csv:2: 1 field, but there are 2 columns"},
		{"one column", "d.csv", "", "a\n1,2\n3\n", "a=3", "d.csv:2: 2 fields, but there is 1 column"},
		{"semicolons", "d.csv", "", "a;b;c\n1;2,5;3\n1;2,5;3\n", "", `d.csv: the header has 2 semicolons but no comma; set delimiter: ";"`},
		{"semicolons and quotes", "d.csv", "", "\"a, a\";\"b\"\n1;2\n", "", `d.csv: the header has 1 semicolon but no comma; set delimiter: ";"`},
		{"semicolons, listed header", "d.csv", ", header: [a, b]", "1;2\n", "", `the header has 1 semicolon but no comma`},
		{"tabs", "d.csv", "", "a\tb\n1\t2\n", "", "d.csv: the header has 1 tab but no comma; set format: tsv"},
		{"commas", "d.tsv", "", "a,b\n1,2\n", "", "d.tsv: the header has 1 comma but no tab; set format: csv"},
		{"bars", "d.tsv", "", "a|b\n1|2\n", "", `d.tsv: the header has 1 bar but no tab; set format: csv and delimiter: "|"`},
		{"workbook", "d.csv", "", "PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00", "", "d.csv: is a zip archive, as Excel and LibreOffice workbooks are; save the sheet as CSV"},
		{"old workbook", "d.tsv", "", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "", "d.tsv: is an old Excel workbook"},
		{"packed workbook", "d.csv.gz", "", "PK\x03\x04\x14\x00\x06\x00\x08\x00", "", "is a zip archive"},
		{"web page", "d.jsonl", "", "<!DOCTYPE html>\n<html>", "", "is a web page"},
		{"name in Latin-1", "d.csv", "", "a,caf\xe9\n1,2\n", "a=1 caf\xe9=2", `the column name "caf\xe9" is not UTF-8, but fits windows-1252; set encoding: windows-1252`},
		{"tsv", "d.tsv", "", "a\tb\n1\t \"x\n\t y z \n", "a=1| b=\"x|y z", ""},
		{"tsv crlf", "d.tsv", "", "a\tb\r\n1\tx\r\n", "a=1 b=x", ""},
		{"tsv quotes", "d.tsv", ", quotes: true", "a\tb\n\"1\t2\"\tx\n", "a=1\t2 b=x", ""},
		{"tsv quotes where they help", "d.tsv", "", "a\tb\n1\t\"x\ty\"\n2\t\"z\n", "a=1|2 b=x\ty|\"z", ""},
		{"tsv quotes that do not help", "d.tsv", "", "a\tb\n1\t\"x\"\ty\n", "", "d.tsv:2: 3 fields, but"},
		{"tsv short", "d.tsv", "", "a\tb\n1\n", "", "d.tsv:2: 1 field, but"},
		{"jsonl", "d.jsonl", "", `{"a":1,"b":"x"}` + "\n\n" + `{"b":"yé\n","a":-2.50e1,"c":true}` + "\n", "a=1|-2.50e1 b=x|yé c=|true", ""},
		{"jsonl gaps", "d.jsonl", "", `{"a":null,"b":""}` + "\n" + `{"b":"NA"}` + "\n", "a=| b=|", ""},
		{"jsonl nested", "d.jsonl", "", `{ "a" : [1, {"z":"]"}] , "b":{"k":"}"}, "c\"d" : "\\" }`, `a=[1, {"z":"]"}] b={"k":"}"} c"d=\`, ""},
		{"jsonl bad", "d.jsonl", "", `{"a":1}` + "\n" + `{"a":` + "\n[1]\n", "a=1", "d.jsonl:2: not a JSON object"},
		{"fasttext", "d.txt", ", format: fasttext", "__label__a __label__b  Hello, \"NA\" world\r\n\nno label\n__label__c", `label=a|b||c text=Hello, "NA" world|no label|`, ""},
		{"fasttext, another prefix", "d.txt", `, format: fasttext, prefix: "#"`, "#x is # it\n", "label=x text=is # it", ""},
		{"fasttext, no prefix", "d.txt", `, format: fasttext, prefix: ""`, "spam\tWin a prize\nham  ok  then\nspam\n", "label=spam|ham|spam text=Win a prize|ok  then|", ""},
		{"fasttext, a prefix of two words", "d.txt", `, format: fasttext, prefix: "a b"`, "spam x\n", "label= text=spam x", "has a space in it"},
		{"jsonl late keys", "d.jsonl", "", strings.Repeat(`{"a":1}`+"\n", 150) + `{"b":"x","a":2}`, "a=" + strings.Repeat("1|", 150) + "2 b=" + strings.Repeat("|", 150) + "x", ""},
		{"jsonl late keys that nothing reads", "d.jsonl", ", inputs: [a]", strings.Repeat(`{"a":1}`+"\n", 101) + `{"b":"x","a":2}`, "a=" + strings.Repeat("1|", 101) + "2", ""},
		{"jsonl numbers that are not finite", "d.jsonl", ", missing_values: []", `{"a":NaN,"b":"NaN -Infinity","c":[NaN,"\"Infinity"]}` + "\n" + `{"a":-Infinity,"b":Infinity}`, `a=NaN|-Infinity b=NaN -Infinity|Infinity c=[null,"\"Infinity"]|`, ""},
		{"jsonl half numbers", "d.jsonl", "", `{"a":NaNs}` + "\n" + `{"a":1}`, "a=1", "d.jsonl:1: not a JSON object"},
		{"json array", "d.json", "", "\n[ {\"a\": 1,\n\"b\": \"]\\\"}\"},\n{\"b\": [1, {}]}]\n", `a=1| b=]"}|[1, {}]`, ""},
		{"json array of others", "d.json", "", "[{\"a\": 1}, 5,\n\"x\", {\"a\": 2}]", "a=1|2", "d.json:1: not a JSON object: \"5\""},
		{"json array without an end", "d.json", "", "[{\"a\": 1},\n{\"a\": 2}", "", "line 2: the JSON array that begins the file does not end"},
		{"json array without a comma", "d.json", "", "[{\"a\": 1}\n{\"a\": 2}]", "", "line 2: a comma is missing between the objects"},
		{"json array and more", "d.json", "", "[{\"a\": 1}]\n{}", "", "line 2: there is more after the end of the JSON array"},
		{"json array of nothing", "d.json", "", "[]", "", "no line is a JSON object"},
		{"jsonl long line", "d.jsonl", ", max_line: 0.00001", `{"a":1}` + "\n" + `{"a":"123456"}` + "\n", "", "d.jsonl: line 2 has more than 10 bytes"},
		{"json long object", "d.json", ", max_line: 0.00001", `[{"a":1},{"a":"123456"}]`, "", "d.json: line 1: an object of more than 10 bytes"},
		{"jsonl empty", "d.jsonl", "", "\n", "", "no line is a JSON object"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab, problems := readTable(t, c.file, c.text, c.settings)
			if (c.problem == "") != (problems == "") || !strings.Contains(problems, c.problem) {
				t.Errorf("mistakes %q, want %q", problems, c.problem)
			}
			var got []string
			if tab != nil {
				for _, col := range tab.Columns {
					var fields []string
					for row := range int32(tab.Rows) {
						fields = append(fields, col.Field(row))
					}
					got = append(got, col.Name+"="+strings.Join(fields, "|"))
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got  %q\nwant %q", strings.Join(got, " "), c.want)
			}
		})
	}
}

func TestSeveralFilesAreReadAsOne(t *testing.T) {
	files := map[string]string{"p2.csv": "x,y\n3,c\n4,zz\n", "p1.csv": "x,y\n1,a\n2,b\n", "q.csv": "y,x\n1,a\n"}
	dir := datasettest.Write(t, files)
	d, problems := datasettest.TryLoad(t, dir, `{path: "p*.csv", target: {column: y, type: category}, split: {test: 1, order: true}, inputs: [x]}`, 1)
	if !strings.Contains(problems, `p2.csv:3: column "y": "zz" is not one of the 3 classes`) {
		t.Error(problems)
	}
	if d.Train.Rows() != 3 || !strings.HasSuffix(d.Test.Place(0), "p2.csv:3") {
		t.Error(d.Train.Rows(), d.Test.Place(0))
	}
	if _, problems := datasettest.TryLoad(t, dir, `{path: [p1.csv, q.csv], target: y}`, 1); !strings.Contains(problems, "its columns differ from those of") {
		t.Error(problems)
	}
}

// Files of objects need not have the same keys.
func TestFilesOfObjectsAreJoined(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"a.jsonl": "{\"x\":1,\"y\":\"u\"}\n{\"y\":\"v\",\"x\":2}\n", "b.jsonl": "{\"z\":5,\"y\":\"u\"}\n"})
	d := datasettest.MustLoad(t, dir, `{path: "*.jsonl", target: {column: y, type: category}, split: {validation: 0, test: 0}, missing_values: []}`)
	var names []string
	for _, in := range d.Schema.Inputs {
		names = append(names, in.Name)
	}
	if strings.Join(names, " ") != "x z" || d.Train.Rows() != 3 {
		t.Error(names, d.Train.Rows())
	}
}

func TestDigestFollowsTheBytes(t *testing.T) {
	const text = "x,y\n1,a\n2,b\n3,a\n"
	digest := func(files map[string]string, section string) string {
		return datasettest.MustLoad(t, datasettest.Write(t, files), section).Digest
	}
	one := digest(map[string]string{"d.csv": text}, `{path: d.csv, target: y, split: {test: 0}}`)
	if same := digest(map[string]string{"e.csv": text}, `{train: e.csv, target: y, inputs: [x]}`); same != one {
		t.Error("the name or the settings changed the digest")
	}
	if other := digest(map[string]string{"d.csv": text + "\n"}, `{path: d.csv, target: y, split: {test: 0}}`); other == one {
		t.Error("another line end did not change the digest")
	}
}

// Any bytes must be read to the end without a panic, with rows as encoding/csv sees them where it sees no mistake.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{"a,b\n1,x\n", "\ufeffa\r\n\"1\n2\"\n", "a,b\n1\n\"", "\"a\"\"b\",\n,\n", "\x1f\x8b", "a,a\n", ",\n\n,,\n", "a\n\n1"} {
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, quotes bool) {
		text, err := record.Unpack(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		c := format.CSV{Delimiter: ",", Quotes: quotes}
		rec, err := c.Records(text, "fuzz")
		if err != nil {
			return
		}
		var rows [][]string
		bad, last := false, 0
		for {
			fields, line, err := rec.Next()
			if err == io.EOF {
				break
			}
			if _, isRow := err.(*record.RowError); err != nil && !isRow {
				return // damaged gzip
			}
			if line <= last {
				t.Fatalf("line %d after line %d", line, last)
			}
			last = line
			if err != nil {
				bad = true
				continue
			}
			if len(fields) != len(rec.Header()) {
				t.Fatalf("%d fields under %d names", len(fields), len(rec.Header()))
			}
			rows = append(rows, slices.Clone(fields))
		}
		if !quotes || bad || slices.ContainsFunc([]string{"\x1f\x8b", "\xff\xfe", "\xfe\xff", "sep="}, func(head string) bool {
			return strings.HasPrefix(strings.ToLower(strings.TrimLeft(string(data), "\ufeff\"")), head)
		}) {
			return
		}
		oracle := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
		oracle.TrimLeadingSpace = true
		want, err := oracle.ReadAll()
		if err != nil || len(want) == 0 {
			t.Fatalf("no mistake was found, but encoding/csv says %v", err)
		}
		head := want[0]
		left := func(row []string) bool { // what encoding/csv skips, an empty line of one column, and what we do, another header line
			if len(head) == 1 {
				return row[0] == ""
			}
			return row[0] == head[0] && slices.EqualFunc(row, head, func(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) })
		}
		rows, want = slices.DeleteFunc(rows, left), slices.DeleteFunc(want[1:], left)
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Fatalf("%q, want %q", rows, want)
		}
	})
}

func FuzzJSONL(f *testing.F) {
	f.Add([]byte(`{"a":1,"b":"x"}`))
	f.Add([]byte(`{ "a" : [1, {"z":"]"}] , "b":{"k":"}"}, "c\"d" : "\\" }`))
	f.Fuzz(func(t *testing.T, data []byte) {
		rec, err := (&format.JSONL{}).Records(strings.NewReader(string(data)), "fuzz")
		for err == nil {
			_, _, err = rec.Next()
			if _, isRow := err.(*record.RowError); isRow {
				err = nil
			}
		}
	})
}
