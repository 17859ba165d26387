// Calls the candidate's function with the arguments on stdin; says on descriptor 3 what it returned, or why it did not.
// What the candidate prints is left alone. Expected values never come here. The function itself is `subject`, in a file
// that is written beside this one for each run. This is compiled as part of the candidate's module, so it keeps to what old
// versions of the language know.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"unsafe"
)

type failure struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Trace   string `json:"trace"`
}

// answer holds the result twice when it differs: as Go has it, and with nil slices and maps as empty ones.
type answer struct {
	Result json.RawMessage `json:"result,omitempty"`
	Filled json.RawMessage `json:"filled,omitempty"`
	Error  *failure        `json:"error,omitempty"`
}

type visit struct {
	place unsafe.Pointer
	kind  reflect.Type
}

func main() {
	syscall.CloseOnExec(3)
	debug.SetMaxStack(64 << 20)
	report := os.NewFile(3, "report")
	told := run()
	text, err := json.Marshal(told)
	if err != nil {
		told = refuse(err.Error())
		text, _ = json.Marshal(told)
	}
	fmt.Fprintf(report, "\n%s\n", text)
	if told.Error != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

func refuse(message string) answer {
	return answer{Error: &failure{"Refused", message, message}}
}

func run() (told answer) {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return refuse(err.Error())
	}
	function := reflect.ValueOf(subject)
	if function.Kind() != reflect.Func {
		return refuse("the solution is not a function")
	}
	arguments, err := read(input, function.Type())
	if err != nil {
		return refuse(err.Error())
	}
	defer func() {
		if thrown := recover(); thrown != nil {
			told = answer{Error: panicked(thrown)}
		}
	}()
	results := function.Call(arguments)
	return tell(results)
}

func read(input []byte, function reflect.Type) ([]reflect.Value, error) {
	var given []json.RawMessage
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, err
	}
	wanted := function.NumIn()
	if len(given) != wanted && !(function.IsVariadic() && len(given) >= wanted-1) {
		return nil, fmt.Errorf("the function takes %d arguments and the case gives %d", wanted, len(given))
	}
	arguments := make([]reflect.Value, len(given))
	for place, text := range given {
		var kind reflect.Type
		if function.IsVariadic() && place >= wanted-1 {
			kind = function.In(wanted - 1).Elem()
		} else {
			kind = function.In(place)
		}
		argument := reflect.New(kind)
		if err := json.Unmarshal(text, argument.Interface()); err != nil {
			return nil, fmt.Errorf("argument %d does not fit the type %s: %w", place+1, kind, err)
		}
		arguments[place] = argument.Elem()
	}
	return arguments, nil
}

func tell(results []reflect.Value) answer {
	if count := len(results); count > 0 {
		if last, isError := results[count-1].Interface().(error); isError {
			return answer{Error: &failure{"error", last.Error(), "the function returned an error: " + last.Error()}}
		}
		if results[count-1].Type() == reflect.TypeOf((*error)(nil)).Elem() {
			results = results[:count-1]
		}
	}
	result, refused := encode(results, func(value reflect.Value) reflect.Value { return value })
	if refused != nil {
		return *refused
	}
	full, refused := encode(results, func(value reflect.Value) reflect.Value { return filled(value, map[visit]bool{}) })
	if refused != nil || bytes.Equal(result, full) {
		full = nil
	}
	return answer{Result: result, Filled: full}
}

// encode gives one result as it is and several as a list.
func encode(results []reflect.Value, through func(reflect.Value) reflect.Value) (json.RawMessage, *answer) {
	values := make([]any, len(results))
	for place, result := range results {
		values[place] = through(result).Interface()
	}
	var whole any = values
	if len(values) == 0 {
		whole = nil
	} else if len(values) == 1 {
		whole = values[0]
	}
	text, err := json.Marshal(whole)
	if err == nil {
		return text, nil
	}
	told := refuse("the function returned a value that is not JSON: " + err.Error())
	var unsupported *json.UnsupportedValueError
	if errors.As(err, &unsupported) {
		told = refuse("the function returned " + unsupported.Str + ", which is not a JSON number")
		if strings.Contains(unsupported.Str, "cycle") {
			told = refuse("the function returned a value that contains itself")
		}
	}
	return nil, &told
}

// filled gives a copy in which nil slices and maps are empty ones: in Go they mean the same, in JSON they do not. A value
// that contains itself is left as it is, for the encoder to refuse.
func filled(value reflect.Value, above map[visit]bool) reflect.Value {
	if !value.IsValid() {
		return value
	}
	switch value.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer:
		here := visit{value.UnsafePointer(), value.Type()}
		if above[here] {
			return value
		}
		if here.place != nil {
			above[here] = true
			defer delete(above, here)
		}
	}
	copied := reflect.New(value.Type()).Elem()
	copied.Set(value)
	switch value.Kind() {
	case reflect.Slice:
		copied.Set(reflect.MakeSlice(value.Type(), value.Len(), value.Len()))
		for place := 0; place < value.Len(); place++ {
			copied.Index(place).Set(filled(value.Index(place), above))
		}
	case reflect.Map:
		copied.Set(reflect.MakeMapWithSize(value.Type(), value.Len()))
		for entries := value.MapRange(); entries.Next(); {
			copied.SetMapIndex(entries.Key(), filled(entries.Value(), above))
		}
	case reflect.Struct:
		for place := 0; place < value.NumField(); place++ {
			if copied.Field(place).CanSet() {
				copied.Field(place).Set(filled(value.Field(place), above))
			}
		}
	case reflect.Interface:
		if !value.IsNil() {
			copied.Set(filled(value.Elem(), above))
		}
	case reflect.Pointer:
		if !value.IsNil() {
			copied.Set(reflect.New(value.Type().Elem()))
			copied.Elem().Set(filled(value.Elem(), above))
		}
	}
	return copied
}

// panicked tells of a panic with the candidate's own frames, innermost first.
func panicked(thrown any) *failure {
	message := fmt.Sprint(thrown)
	workspace, _ := os.Getwd()
	trace := []string{"panic: " + message}
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		file, inside := strings.CutPrefix(frame.File, workspace+"/")
		if inside && !strings.HasPrefix(file, ".interviewlm/") {
			name := frame.Function[strings.LastIndex(frame.Function, "/")+1:]
			trace = append(trace, fmt.Sprintf("    at %s (%s:%d)", name, file, frame.Line))
		}
		if !more {
			break
		}
	}
	return &failure{"panic", message, strings.Join(trace, "\n")}
}
