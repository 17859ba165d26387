package main

import (
	"errors"
	"sort"
)

// ErrNoTransaction says that no transaction is open.
var ErrNoTransaction = errors.New("no transaction")

// Change is a key whose value is not what it was.
type Change struct {
	Key    string
	Before Value
	Now    Value
}

// Transactions is the store, as seen and changed through transactions.
type Transactions struct {
	store *Store
	open  []touched // the innermost last
}

// touched is what the keys touched by a transaction were when it began.
type touched map[string]Value

// NewTransactions has no transaction open.
func NewTransactions(store *Store) *Transactions {
	return &Transactions{store: store}
}

func (t *Transactions) Get(key string) Value {
	return t.store.Get(key)
}

func (t *Transactions) Count(text string) int {
	return t.store.Count(text)
}

// Put gives the key a value, or takes it away.
func (t *Transactions) Put(key string, value Value) {
	t.remember(key, t.store.Get(key))
	t.store.Put(key, value)
}

// Begin opens a transaction inside the current one.
func (t *Transactions) Begin() {
	t.open = append(t.open, touched{})
}

// Rollback undoes the innermost transaction and closes it.
func (t *Transactions) Rollback() error {
	closed, err := t.close()
	for key, before := range closed {
		t.store.Put(key, before)
	}
	return err
}

// Commit closes the innermost transaction and keeps its changes.
func (t *Transactions) Commit() error {
	closed, err := t.close()
	for key, before := range closed {
		t.remember(key, before)
	}
	return err
}

// Changes is what the innermost transaction has changed, by key.
func (t *Transactions) Changes() ([]Change, error) {
	if len(t.open) == 0 {
		return nil, ErrNoTransaction
	}
	var changes []Change
	for key, before := range t.open[len(t.open)-1] {
		if now := t.store.Get(key); now != before {
			changes = append(changes, Change{key, before, now})
		}
	}
	sort.Slice(changes, func(i, j int) bool { return changes[i].Key < changes[j].Key })
	return changes, nil
}

func (t *Transactions) close() (touched, error) {
	if len(t.open) == 0 {
		return nil, ErrNoTransaction
	}
	last := len(t.open) - 1
	closed := t.open[last]
	t.open = t.open[:last]
	return closed, nil
}

// remember notes what a key was, unless the innermost transaction knows an older value.
func (t *Transactions) remember(key string, before Value) {
	if len(t.open) == 0 {
		return
	}
	innermost := t.open[len(t.open)-1]
	if _, known := innermost[key]; !known {
		innermost[key] = before
	}
}
