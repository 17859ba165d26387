module interview

go 1.21
