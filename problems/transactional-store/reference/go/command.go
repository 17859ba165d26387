package main

import (
	"fmt"
	"regexp"
	"strings"
)

// Command is a line of input, understood.
type Command struct {
	Name      string
	Arguments []string
}

// form is how to use a command, and the pattern of its arguments.
type form struct {
	usage   string
	pattern *regexp.Regexp
}

var forms = map[string]form{
	"SET":      {"SET <key> <value>", regexp.MustCompile(`^(\S+)\s+(.+)$`)},
	"GET":      {"GET <key>", regexp.MustCompile(`^(\S+)$`)},
	"UNSET":    {"UNSET <key>", regexp.MustCompile(`^(\S+)$`)},
	"COUNT":    {"COUNT <value>", regexp.MustCompile(`^(.+)$`)},
	"BEGIN":    {"BEGIN", regexp.MustCompile(`^$`)},
	"ROLLBACK": {"ROLLBACK", regexp.MustCompile(`^$`)},
	"COMMIT":   {"COMMIT", regexp.MustCompile(`^$`)},
	"CHANGES":  {"CHANGES", regexp.MustCompile(`^$`)},
}

// Parse reads the command on this line; its error says why there is none.
func Parse(line string) (Command, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	form, known := forms[name]
	if !known {
		return Command{}, fmt.Errorf("unknown command %s", name)
	}
	found := form.pattern.FindStringSubmatch(strings.TrimSpace(rest))
	if found == nil {
		return Command{}, fmt.Errorf("usage: %s", form.usage)
	}
	return Command{name, found[1:]}, nil
}
