// The store's command line: reads commands, prints replies.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	transactions := NewTransactions(NewStore())
	replies := bufio.NewWriter(os.Stdout)
	defer replies.Flush()
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		if strings.TrimSpace(input.Text()) == "" {
			continue
		}
		for _, reply := range execute(transactions, input.Text()) {
			fmt.Fprintln(replies, reply)
		}
	}
}

// execute carries out one line of input and returns the lines of the reply.
func execute(transactions *Transactions, line string) []string {
	command, err := Parse(line)
	if err != nil {
		return []string{"ERROR " + err.Error()}
	}
	reply, err := carryOut(transactions, command)
	if errors.Is(err, ErrNoTransaction) {
		return []string{"NO TRANSACTION"}
	}
	return reply
}

func carryOut(transactions *Transactions, command Command) ([]string, error) {
	switch arguments := command.Arguments; command.Name {
	case "SET":
		transactions.Put(arguments[0], Value{arguments[1], true})
	case "GET":
		return []string{orNull(transactions.Get(arguments[0]))}, nil
	case "UNSET":
		transactions.Put(arguments[0], Value{})
	case "COUNT":
		return []string{strconv.Itoa(transactions.Count(arguments[0]))}, nil
	case "BEGIN":
		transactions.Begin()
	case "ROLLBACK":
		return nil, transactions.Rollback()
	case "COMMIT":
		return nil, transactions.Commit()
	case "CHANGES":
		changes, err := transactions.Changes()
		return describe(changes), err
	}
	return nil, nil
}

func describe(changes []Change) []string {
	if len(changes) == 0 {
		return []string{"NO CHANGES"}
	}
	lines := []string{}
	for _, change := range changes {
		lines = append(lines, fmt.Sprintf("%s: %s -> %s", change.Key, orNull(change.Before), orNull(change.Now)))
	}
	return lines
}

func orNull(value Value) string {
	if !value.Present {
		return "NULL"
	}
	return value.Text
}
