// Command sendctl keeps the records of learners with special educational needs
// as plain files in a git repository, and every review as a commit.
package main

import (
	"os"

	"github.com/sendctl/sendctl/pkg/cli"
)

// version is set by the build.
var version string

func main() { os.Exit(cli.Main(cli.OS(version))) }
