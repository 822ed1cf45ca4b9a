package recordfile

import (
	"fmt"
	"sync"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/pathway"
	"github.com/sendctl/sendctl/schemas"
)

// ShippedLimits reads the numbers that rules go by, as they come with the program.
var ShippedLimits = sync.OnceValue(func() []pathway.LimitTerm {
	f, findings, err := Read[pathway.Limits]("limits.yaml", Limits, schemas.Limits())
	if err != nil || diag.Worst(findings) == diag.Error {
		panic(fmt.Sprint("limits.yaml: ", err, findings)) // a fault of the program, which a test finds
	}
	return f.Value.Limits
})

// ShippedCensusRules reads the sets of census rules that come with the program, oldest
// first.
var ShippedCensusRules = sync.OnceValue(func() []pathway.CensusRules {
	var out []pathway.CensusRules
	for _, year := range schemas.CensusYears() {
		src, _ := schemas.CensusRules(year)
		f, findings, err := Read[pathway.CensusRules]("census/"+year+".yaml", CensusRules, src)
		if err != nil || diag.Worst(findings) == diag.Error {
			panic(fmt.Sprint("census/", year, ".yaml: ", err, findings)) // a fault of the program, which a test finds
		}
		out = append(out, f.Value)
	}
	return out
})

// CodeList reads one of the dated code lists that come with the program, such as
// "sen-type". An error is a fault of the program.
func CodeList(name string) (*pathway.CodeList, error) {
	src, ok := schemas.Codes(name)
	if !ok {
		return nil, fmt.Errorf("no code list %s", name)
	}
	f, findings, err := Read[pathway.CodeList]("codes/"+name+".yaml", Codes, src)
	if err != nil {
		return nil, err
	}
	if diag.Worst(findings) == diag.Error {
		return nil, &FaultsError{Findings: findings}
	}
	return &f.Value, nil
}
