package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// talks FILE PROGRAM ARGUMENTS… runs a program as a script does that wants an answer to each row: it writes a line of the file
// and waits for a line before it writes the next one. Behind a line that begins with "+ ", a header, it waits for none, and for
// two behind the line after it; behind an empty line for none.
// What the program answered is left in the file answers.txt.
func talks(ts *testscript.TestScript, _ bool, args []string) {
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	cmd := exec.Command(path, args[2:]...)
	cmd.Dir, cmd.Stderr = ts.MkAbs("."), os.Stderr
	in, err := cmd.StdinPipe()
	ts.Check(err)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	stopped := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	defer stopped.Stop()
	answers := bufio.NewReader(out)
	said, wanted := "", 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		part, head := strings.CutPrefix(line, "+ ")
		_, err := in.Write([]byte(part))
		ts.Check(err)
		if strings.TrimSpace(part) != "" {
			wanted++
		}
		for ; wanted > 0 && !head; wanted-- {
			answer, err := answers.ReadString('\n')
			if said += answer; err != nil {
				ts.Fatalf("no answer to %q: %v", part, err)
			}
		}
	}
	ts.Check(in.Close())
	ts.Check(cmd.Wait())
	ts.Check(os.WriteFile(ts.MkAbs("answers.txt"), []byte(said), 0o666))
}
