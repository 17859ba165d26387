package main

import "os"

func main() {
	switch os.Args[1] {
	case "fork":
		for {
			os.StartProcess(os.Args[0], os.Args, &os.ProcAttr{})
		}
	case "memory":
		var all [][]byte
		for {
			block := make([]byte, 1<<20)
			for place := range block {
				block[place] = 1
			}
			all = append(all, block)
		}
	case "disk":
		file, _ := os.Create("filler-of-go")
		block := make([]byte, 1<<20)
		for {
			if _, err := file.Write(block); err != nil {
				os.Exit(1)
			}
		}
	}
}
