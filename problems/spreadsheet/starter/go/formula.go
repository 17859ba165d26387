package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Tree is a parsed formula: Number, Reference, Negate, Binary, If or Aggregate.
// As an argument of an Aggregate, it may also be a Range.
type Tree interface{}

type Number struct{ Value int }

type Reference struct{ Cell string }

// Range is the cells of a rectangle, row by row, from left to right.
type Range struct{ Cells []string }

type Negate struct{ Operand Tree }

type Binary struct {
	Operator    string
	Left, Right Tree
}

type If struct{ Condition, Holds, Fails Tree }

// Aggregate is SUM, MIN, MAX or COUNT.
type Aggregate struct {
	Name      string
	Arguments []Tree
}

// ErrFormula says that a text is not a formula.
var ErrFormula = errors.New("not a formula")

var (
	cellPattern   = regexp.MustCompile(`^[A-Z][1-9][0-9]?$`)
	numberPattern = regexp.MustCompile(`^[0-9]+$`)
	tokenPattern  = regexp.MustCompile(`^\s*([A-Z]+[0-9]*|[0-9]+|[-+*/<>=(),:])`)
)

// Parse reads a formula, which is given without its leading "=".
func Parse(text string) (Tree, error) {
	tokens, err := tokenize(strings.TrimSpace(text))
	if err != nil {
		return nil, err
	}
	parser := parser{tokens: tokens}
	tree := parser.comparison()
	if parser.failed || parser.peek(0) != "" {
		return nil, ErrFormula
	}
	return tree, nil
}

// References lists the cells that a tree refers to.
func References(tree Tree) []string {
	switch tree := tree.(type) {
	case Reference:
		return []string{tree.Cell}
	case Range:
		return tree.Cells
	case Negate:
		return References(tree.Operand)
	case Binary:
		return referencesOfAll(tree.Left, tree.Right)
	case If:
		return referencesOfAll(tree.Condition, tree.Holds, tree.Fails)
	case Aggregate:
		return referencesOfAll(tree.Arguments...)
	}
	return nil
}

func referencesOfAll(trees ...Tree) []string {
	var all []string
	for _, tree := range trees {
		all = append(all, References(tree)...)
	}
	return all
}

func tokenize(text string) ([]string, error) {
	var tokens []string
	for text != "" {
		found := tokenPattern.FindStringSubmatch(text)
		if found == nil {
			return nil, ErrFormula
		}
		tokens = append(tokens, found[1])
		text = text[len(found[0]):]
	}
	return tokens, nil
}

// parser descends through the grammar, from the loosest operator to the tightest.
// After a mistake it is failed, and the trees it returns mean nothing.
type parser struct {
	tokens   []string
	position int
	failed   bool
}

func (p *parser) comparison() Tree {
	left := p.sum()
	if slices.Contains([]string{"<", ">", "="}, p.peek(0)) {
		return Binary{p.next(), left, p.sum()}
	}
	return left
}

func (p *parser) sum() Tree {
	return p.chain([]string{"+", "-"}, p.product)
}

func (p *parser) product() Tree {
	return p.chain([]string{"*", "/"}, p.unary)
}

// chain is operands of the same rank, joined by operators.
func (p *parser) chain(operators []string, operand func() Tree) Tree {
	left := operand()
	if slices.Contains(operators, p.peek(0)) {
		return Binary{p.next(), left, p.chain(operators, operand)}
	}
	return left
}

func (p *parser) unary() Tree {
	if p.peek(0) != "-" {
		return p.primary()
	}
	p.next()
	return Negate{p.unary()}
}

func (p *parser) primary() Tree {
	token := p.next()
	switch {
	case token == "(":
		inner := p.comparison()
		p.expect(")")
		return inner
	case numberPattern.MatchString(token):
		value, err := strconv.Atoi(token)
		p.failed = p.failed || err != nil
		return Number{value}
	case cellPattern.MatchString(token):
		return Reference{token}
	case token == "IF":
		return p.choice()
	case slices.Contains([]string{"SUM", "MIN", "MAX", "COUNT"}, token):
		return Aggregate{token, p.list(p.argument)}
	}
	p.failed = true
	return nil
}

func (p *parser) choice() Tree {
	parts := p.list(p.comparison)
	if len(parts) != 3 {
		p.failed = true
		return nil
	}
	return If{parts[0], parts[1], parts[2]}
}

func (p *parser) argument() Tree {
	if p.peek(1) != ":" {
		return p.comparison()
	}
	first := p.next()
	p.expect(":")
	return p.rectangle(first, p.next())
}

func (p *parser) list(item func() Tree) []Tree {
	p.expect("(")
	items := []Tree{item()}
	for !p.failed && p.peek(0) == "," {
		p.next()
		items = append(items, item())
	}
	p.expect(")")
	return items
}

// rectangle is the range between two corners.
func (p *parser) rectangle(first, last string) Tree {
	if !cellPattern.MatchString(first) || !cellPattern.MatchString(last) {
		p.failed = true
		return nil
	}
	firstRow, _ := strconv.Atoi(first[1:])
	lastRow, _ := strconv.Atoi(last[1:])
	var cells []string
	for row := min(firstRow, lastRow); row <= max(firstRow, lastRow); row++ {
		for column := min(first[0], last[0]); column <= max(first[0], last[0]); column++ {
			cells = append(cells, fmt.Sprintf("%c%d", column, row))
		}
	}
	return Range{cells}
}

func (p *parser) expect(token string) {
	if p.next() != token {
		p.failed = true
	}
}

// peek is a token that lies ahead, or "" after the last.
func (p *parser) peek(ahead int) string {
	if p.position+ahead >= len(p.tokens) {
		return ""
	}
	return p.tokens[p.position+ahead]
}

func (p *parser) next() string {
	token := p.peek(0)
	p.position++
	return token
}
