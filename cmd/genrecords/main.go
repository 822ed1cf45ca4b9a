// Command genrecords makes a large record folder of invented learners, for
// measuring and for trying things out: the same folder, to the byte, for the same
// seed and sizes.
//
//	genrecords -learners 3000 -commits 1000 DIR
//
// Every learner has about eight files: two reviewed cycles with their seals, an
// open cycle with a plan, a contact log, and for every fifth a correction. The
// folder passes `sendctl validate`. The first commit holds everything; each
// further commit is a note on one learner's open cycle, or with -sealed 4 every
// fourth a sealed correction. With -signed every seal and every commit is signed
// with a key made for the folder, which git is set up to check. git fast-import
// writes them, so that a hundred thousand take a minute.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	var o options
	flag.IntVar(&o.learners, "learners", 300, "how many learners")
	flag.IntVar(&o.commits, "commits", 1, "how many commits; all but the first are notes on learners drawn at random")
	flag.Uint64Var(&o.seed, "seed", 1, "what ids, names and numbers are drawn from")
	flag.IntVar(&o.sealed, "sealed", 0, "every so many commits one is a sealed correction; 0 is none")
	flag.BoolVar(&o.signed, "signed", false, "sign every seal and commit, with a key that ssh-keygen makes")
	flag.BoolVar(&o.pack, "pack", false, "pack everything into one pack, as git gc does")
	flag.BoolVar(&o.graph, "commit-graph", false, "write a commit-graph with changed paths")
	flag.Parse()
	if flag.NArg() != 1 || o.learners < 1 || o.commits < 1 {
		fmt.Fprintln(os.Stderr, "usage: genrecords [-learners N] [-commits N] [-seed N] [-sealed N] [-signed] [-pack] [-commit-graph] DIR")
		os.Exit(2)
	}
	if err := build(flag.Arg(0), o); err != nil {
		fmt.Fprintln(os.Stderr, "genrecords:", err)
		os.Exit(1)
	}
}
