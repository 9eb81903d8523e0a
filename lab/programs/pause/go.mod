module ballast-pause

go 1.24.0
