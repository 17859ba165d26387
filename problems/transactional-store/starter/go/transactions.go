package main

import "errors"

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
}

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
	t.store.Put(key, value)
}

// Begin opens a transaction inside the current one.
func (t *Transactions) Begin() {
}

// Rollback undoes the innermost transaction and closes it.
func (t *Transactions) Rollback() error {
	return ErrNoTransaction
}

// Commit closes the innermost transaction and keeps its changes.
func (t *Transactions) Commit() error {
	return ErrNoTransaction
}

// Changes is what the innermost transaction has changed, by key.
func (t *Transactions) Changes() ([]Change, error) {
	return nil, ErrNoTransaction
}
