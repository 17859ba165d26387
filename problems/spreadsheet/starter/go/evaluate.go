package main

// Value is what a cell shows: an int, a string, a CellError, or nil if it is empty.
type Value interface{}

// CellError is what a cell shows instead of a value, such as #DIV/0.
type CellError string

func (e CellError) Error() string { return string(e) }

// Read gives the value of a cell.
type Read func(cell string) Value

// Evaluate computes the number that a tree yields; its error is a CellError.
func Evaluate(tree Tree, read Read) (int, error) {
	switch tree := tree.(type) {
	case Number:
		return tree.Value, nil
	case Reference:
		return numberIn(read(tree.Cell))
	case Negate:
		operand, err := Evaluate(tree.Operand, read)
		return -operand, err
	case Binary:
		return evaluateBinary(tree, read)
	case If, Aggregate:
		return 0, CellError("#TODO")
	}
	panic("not a tree")
}

// numberIn is a cell's value as a number.
func numberIn(value Value) (int, error) {
	switch value := value.(type) {
	case int:
		return value, nil
	case string:
		return 0, CellError("#VALUE")
	case CellError:
		return 0, value
	}
	return 0, nil
}

func evaluateBinary(tree Binary, read Read) (int, error) {
	left, err := Evaluate(tree.Left, read)
	if err != nil {
		return 0, err
	}
	right, err := Evaluate(tree.Right, read)
	if err != nil {
		return 0, err
	}
	return apply(tree.Operator, left, right)
}

func apply(operator string, left, right int) (int, error) {
	switch operator {
	case "+":
		return left + right, nil
	case "-":
		return left - right, nil
	case "*":
		return left * right, nil
	case "/":
		if right == 0 {
			return 0, CellError("#DIV/0")
		}
		return left / right, nil
	case "<":
		return oneIf(left < right), nil
	case ">":
		return oneIf(left > right), nil
	case "=":
		return oneIf(left == right), nil
	}
	panic("no such operator: " + operator)
}

func oneIf(holds bool) int {
	if holds {
		return 1
	}
	return 0
}
