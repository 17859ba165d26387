package main

// Value is what a key has; the zero Value is no value.
type Value struct {
	Text    string
	Present bool
}

// Store holds the values themselves, and how often each of them occurs.
type Store struct {
	values map[string]Value
	counts map[string]int
}

// NewStore is a store in which no key has a value.
func NewStore() *Store {
	return &Store{values: map[string]Value{}, counts: map[string]int{}}
}

// Get is the key's value.
func (s *Store) Get(key string) Value {
	return s.values[key]
}

// Put gives the key a value, or takes it away.
func (s *Store) Put(key string, value Value) {
	if !value.Present {
		before := s.values[key]
		delete(s.values, key)
		s.counts[before.Text]--
	} else {
		s.values[key] = value
		s.counts[value.Text]++
	}
}

// Count is how many keys have this value.
func (s *Store) Count(text string) int {
	return s.counts[text]
}
