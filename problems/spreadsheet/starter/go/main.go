// The spreadsheet's command line: reads commands, prints answers.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	sheet := NewSheet()
	answers := bufio.NewWriter(os.Stdout)
	defer answers.Flush()
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		if answer := execute(sheet, strings.TrimSpace(input.Text())); answer != "" {
			fmt.Fprintln(answers, answer)
		}
	}
}

// execute carries out one command and returns the answer, if it has one.
func execute(sheet *Sheet, line string) string {
	command, rest, _ := strings.Cut(line, " ")
	cell, content, _ := strings.Cut(strings.TrimSpace(rest), " ")
	switch command {
	case "SET":
		sheet.Put(cell, strings.TrimSpace(content))
	case "CLEAR":
		sheet.Put(cell, "")
	case "GET":
		return cell + " = " + show(sheet.Value(cell))
	case "DEPENDENTS":
		if dependents := sheet.Dependents(cell); len(dependents) > 0 {
			return strings.Join(dependents, " ")
		}
		return "none"
	}
	return ""
}

func show(value Value) string {
	if value == nil {
		return "(empty)"
	}
	return fmt.Sprint(value)
}
