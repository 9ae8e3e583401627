package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	routineLine = regexp.MustCompile(`^TEXT ·(\w+)(?:<>)?\(SB\)`)
	labelLine   = regexp.MustCompile(`^(\w+):$`)
	branchLine  = regexp.MustCompile(`^\tB\w+ +(\w+)$`)
	countRow    = regexp.MustCompile("^\\| [^|]* \\| `(\\w+)`(?:, `(\\w+)`)? \\| (\\d+) \\| (\\d+) \\| ([\\d.]+) \\|$")
)

// loopsOf counts the instructions of each loop of arm64, by routine and label; the first of a routine has no label, too.
func loopsOf(t *testing.T) map[[2]string]int {
	files, err := filepath.Glob("../*/*_arm64.s")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	counts := map[[2]string]int{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		routine, at, labels := "", 0, map[string]int{}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\n")
			if m := routineLine.FindStringSubmatch(line); m != nil {
				routine, at, labels = m[1], 0, map[string]int{}
			} else if m := labelLine.FindStringSubmatch(line); m != nil {
				labels[m[1]] = at
			} else if strings.HasPrefix(line, "\t") {
				at++
				m := branchLine.FindStringSubmatch(line)
				if m == nil {
					continue
				}
				if start, ok := labels[m[1]]; ok {
					counts[[2]string{routine, m[1]}] = at - start
					if _, ok := counts[[2]string{routine, ""}]; !ok {
						counts[[2]string{routine, ""}] = at - start
					}
				}
			}
		}
	}
	return counts
}

// TestCounts holds the figures for arm64 in docs/performance.md against the assembly.
func TestCounts(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	counts, rows := loopsOf(t), 0
	for line := range strings.Lines(string(doc)) {
		m := countRow.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		rows++
		n := counts[[2]string{m[1], m[2]}]
		results, _ := strconv.Atoi(m[4])
		if want := fmt.Sprintf("%.2f", float64(n)/float64(results)); m[3] != strconv.Itoa(n) || m[5] != want {
			t.Errorf("%s %s has %d instructions for %d results, %s each; the table says %s and %s", m[1], m[2], n, results, want, m[3], m[5])
		}
	}
	if rows < 10 {
		t.Errorf("found %d rows", rows)
	}
}
