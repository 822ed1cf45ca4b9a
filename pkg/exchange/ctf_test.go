package exchange_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/exchange"
)

var update = flag.Bool("update", false, "write the golden files anew")

func day(s string) date.Date { return date.MustParse(s) }

// jo is a pupil with a whole history, as it stands in testdata/ctf-25.xml.
func jo() exchange.CTF {
	return exchange.CTF{
		Version: "25.0", Recorded: time.Date(2026, 10, 2, 16, 5, 0, 0, time.UTC), Supplier: "sendctl",
		Source: exchange.School{LA: "929", Estab: "0000", Name: "Thornelaw & Hill"}, Dest: exchange.School{LA: "929", Estab: "0001"},
		Pupils: []exchange.Pupil{{
			Row: 1, UPN: "V929400126001", FormerUPN: "T929400126017", ULN: "1234567899", Surname: "Example", Forename: "Joanna", Preferred: "Jo",
			Born: day("2012-05-02"), Sex: "F", Ethnicity: "WBRI", Status: "C", Year: "9",
			Steps: []exchange.Step{{From: day("2016-09-05"), Code: "N"}, {From: day("2019-01-07"), Code: "K"}, {From: day("2024-03-01"), Code: "E"}},
			Needs: []exchange.Need{{Rank: 1, Type: "ASD", From: day("2024-03-01")}, {Rank: 2, Type: "SLCN", From: day("2019-01-07")}, {Rank: 3, Type: "SEMH", From: day("2019-01-07"), Until: day("2024-02-29")}},
		}},
	}
}

func written(t testing.TB, c exchange.CTF) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is written is what the golden file holds, byte for byte, for both versions; and
// is read back as it was.
func TestCTFGolden(t *testing.T) {
	for _, version := range exchange.CTFVersions() {
		c := jo()
		c.Version = version
		got := written(t, c)
		name := filepath.Join("testdata", "ctf-"+strings.TrimSuffix(version, ".0")+".xml")
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		back, err := exchange.ReadCTF(want)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c, back, cmpopts.EquateComparable(date.Date{})); d != "" {
			t.Errorf("%s read back (-written +read):\n%s", name, d)
		}
	}
}

// genPupil draws a pupil such as a record can hold.
func genPupil(t *rapid.T, row int) exchange.Pupil {
	name := rapid.StringMatching(`[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'&<>" -]{0,12}[a-zß]`)
	anyDay := func(label string) date.Date {
		return day("2010-01-01").AddDays(rapid.IntRange(0, 6000).Draw(t, label))
	}
	maybe := func(label string, of ...string) string { return rapid.SampledFrom(append(of, "")).Draw(t, label) }
	trim := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	p := exchange.Pupil{
		Row: row, UPN: maybe("upn", "V929400126001", "F92940012600A"), FormerUPN: maybe("former", "T929400126017"), ULN: maybe("uln", "1234567899"),
		Surname: trim(name.Draw(t, "surname")), Forename: trim(name.Draw(t, "forename")), Preferred: maybe("preferred", "Jo"),
		Born: anyDay("born"), Sex: maybe("sex", "M", "F"), Ethnicity: maybe("ethnicity", "WBRI"), Status: maybe("status", "C", "M", "P"), Year: maybe("year", "R", "9"),
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "steps") {
		p.Steps = append(p.Steps, exchange.Step{From: anyDay(fmt.Sprint("from", i)), Code: rapid.SampledFrom([]string{"N", "K", "E"}).Draw(t, "code")})
	}
	slices.SortStableFunc(p.Steps, func(a, b exchange.Step) int { return a.From.Compare(b.From) })
	for i := range rapid.IntRange(0, 5).Draw(t, "needs") {
		n := exchange.Need{Rank: rapid.IntRange(0, 99).Draw(t, "rank"), Type: rapid.SampledFrom([]string{"SPLD", "ASD", "NSA", "DS"}).Draw(t, "type")}
		if rapid.Bool().Draw(t, "dated") {
			n.From = anyDay(fmt.Sprint("need from", i))
			n.Until = n.From.AddDays(rapid.IntRange(0, 900).Draw(t, "for"))
		}
		p.Needs = append(p.Needs, n)
	}
	return p
}

// Whatever can be written is read back as it was, whichever version, and without a fault.
func TestCTFRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := exchange.CTF{
			Version:  rapid.SampledFrom(exchange.CTFVersions()).Draw(t, "version"),
			Supplier: "sendctl",
			Source:   exchange.School{LA: "929", Estab: "0000", Name: rapid.SampledFrom([]string{"", "St <Cuthbert's> & Co"}).Draw(t, "school")},
		}
		if rapid.Bool().Draw(t, "recorded") {
			c.Recorded = time.Unix(rapid.Int64Range(1_400_000_000, 1_900_000_000).Draw(t, "at"), 0).UTC()
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "pupils") {
			c.Pupils = append(c.Pupils, genPupil(t, i+1))
		}
		var b, again bytes.Buffer
		if err := c.Write(&b); err != nil {
			t.Fatal(err)
		}
		back, err := exchange.ReadCTF(b.Bytes())
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if d := cmp.Diff(c, back, cmpopts.EquateComparable(date.Date{})); d != "" {
			t.Fatalf("(-written +read):\n%s\n%s", d, b.String())
		}
		if err := back.Write(&again); err != nil || again.String() != b.String() {
			t.Fatalf("not the same bytes again: %v\n%s", err, again.String())
		}
	})
}

func ctf(pupils string) string {
	return "<CTfile>\n<Header><CTFversion>25.0</CTFversion></Header>\n<CTFpupilData>\n" + pupils + "\n</CTFpupilData>\n</CTfile>\n"
}

// What is no CTF is refused, with the line and the reason and no value of the file.
func TestNoCTF(t *testing.T) {
	deep := strings.Repeat("<A>", 40) + strings.Repeat("</A>", 40)
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", "breaks off"},
		{"words", "surname,forename\nSecret,Jo\n", "breaks off"},
		{"another root", "<Pupils><Surname>Secret</Surname></Pupils>", "line 1: its root is <Pupils>"},
		{"a census", "<Message><Header/></Message>", "census return"},
		{"an invented one", "<SchoolDataMLwithSpecials/>", "<SchoolDataMLwithSpecials> is an element that no Common Transfer File has"},
		{"an invented element", ctf("<Pupil><SENhistory>\n<SENstatus>Secret</SENstatus></SENhistory></Pupil>"), "line 5: <SENstatus>"},
		{"an invented element where nothing is read", ctf("<Pupil><Address><SENstage/></Address></Pupil>"), "<SENstage>"},
		{"cut off", "<CTfile>\n<Header>\n<LEA>Secret", "line 3: it breaks off"},
		{"not nested", "<CTfile><Header></CTfile></Header>", "no well-formed XML"},
		{"a DTD", "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"Secret\">]>\n<CTfile>&a;</CTfile>", "line 2: it holds a <!…> declaration"},
		{"an entity", ctf("<Pupil><Surname>&Secret;</Surname></Pupil>"), "no well-formed XML"},
		{"an instruction", "<?xml version=\"1.0\"?><?run Secret?><CTfile/>", "<?…?> instruction"},
		{"too deep", ctf("<Pupil>" + deep + "</Pupil>"), "more than 32 deep"},
		{"no header", "<CTfile><CTFpupilData></CTFpupilData></CTfile>", "no <Header>"},
		{"no pupils", "<CTfile><Header/></CTfile>", "no <CTFpupilData>"},
		{"something behind it", ctf("") + "<Secret/>", "behind its end"},
		{"too many elements", ctf("<Pupil><BasicDetails>" + strings.Repeat("<A/>", 10_001) + "</BasicDetails></Pupil>"), "more than 10000 elements"},
		{"not UTF-8", "<CTfile>\n<Header>\xe9</Header></CTfile>", "line 2: there is a character that is not written as UTF-8"},
		{"another encoding", `<?xml version="1.0" encoding="EBCDIC-Secret"?><CTfile/>`, "line 1: its first line names an encoding"},
		{"half a character", "\xff\xfe<\x00C", "breaks off in the middle"},
		{"a lone surrogate", "\xff\xfe<\x00\x00\xd8", "half a character"},
		{"an empty byte of Windows-1252", "<?xml version=\"1.0\" encoding=\"windows-1252\"?><CTfile>\x81</CTfile>", "a byte that its encoding does not have"},
	} {
		_, err := exchange.ReadCTF([]byte(tt.text))
		var not *exchange.NotCTFError
		if !errors.As(err, &not) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "Secret") {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := exchange.ReadCTF(make([]byte, exchange.MaxCTF+1)); err == nil || !strings.Contains(err.Error(), "larger than 64 MB") {
		t.Errorf("too large: %v", err)
	}
}

// Each fault of a pupil names the element, its place and its line, and never the value;
// what else the pupil has is read all the same.
func TestCTFFaults(t *testing.T) {
	for _, tt := range []struct {
		name, pupil string
		want        []string
	}{
		{"sound", "<Pupil><UPN>V929400126001</UPN><Sex>M</Sex></Pupil>", nil},
		{"the element of before", "<Pupil><Gender>M</Gender></Pupil>", nil},
		{"sex", "<Pupil>\n<Sex>Secret</Sex></Pupil>", []string{"Sex, line 5 sex: this is neither M nor F"}},
		{"two sexes", "<Pupil><Sex>F</Sex><Gender>M</Gender></Pupil>", []string{"Gender, line 4 sex: Sex and Gender say two different things"}},
		{"a UPN", "<Pupil><UPN>B929400126001</UPN></Pupil>", []string{"UPN, line 4 upn: "}},
		{"a former one", "<Pupil><BasicDetails><FormerUPN>Secret</FormerUPN></BasicDetails></Pupil>", []string{"BasicDetails/FormerUPN, line 4 former-upn: "}},
		{"a ULN", "<Pupil><UniqueLearnerNumber>9999999999</UniqueLearnerNumber></Pupil>", []string{"UniqueLearnerNumber, line 4 uln: "}},
		{"a date", "<Pupil><DOB>02/05/2012</DOB></Pupil>", []string{"DOB, line 4 birth-date: this is no date as a CTF has it"}},
		{"twice", "<Pupil><Surname>Secret</Surname>\n<Surname>Secret</Surname></Pupil>", []string{"Surname, line 5 : this element stands here a second time"}},
		{"a control character", "<Pupil><Surname>Sec&#x7f;ret</Surname></Pupil>", []string{"Surname, line 4 surname: a control character stands in it"}},
		{"too long", "<Pupil><Surname>" + strings.Repeat("Secret", 1000) + "</Surname></Pupil>", []string{"Surname, line 4 surname: this is longer than any such value"}},
		{"codes", "<Pupil><SENhistory><SEN><StartDate>2019-01-07</StartDate></SEN>\n<SEN><SENprovision>Q</SENprovision></SEN></SENhistory></Pupil>", []string{
			"SENhistory/SEN[1], line 4 sen-provision: this step has no SENprovision", "SENhistory/SEN[2]/SENprovision, line 5 sen-provision: this is no code for SEN provision"}},
		{"an old code, long ago", "<Pupil><SENhistory><SEN><StartDate>2016-01-07</StartDate><SENprovision>K</SENprovision></SEN><SEN><StartDate>2012-01-07</StartDate><SENprovision>A</SENprovision></SEN></SENhistory></Pupil>", nil},
		{"an old code, the newest", "<Pupil><SENhistory><SEN><StartDate>2012-01-07</StartDate><SENprovision>S</SENprovision></SEN></SENhistory></Pupil>", []string{"SENhistory, line 4 sen-provision: the newest code for SEN provision is one that the census takes no more; it is E now"}},
		{"needs", "<Pupil><SENhistory><SENneeds>\n<SENneed><SENtypeRank>0</SENtypeRank><SENtype>SPLD</SENtype></SENneed>\n<SENneed><SENtype>Secret</SENtype></SENneed>\n<SENneed><SENtypeRank>2</SENtypeRank></SENneed>\n<SENneed><SENtype>BESD</SENtype></SENneed></SENneeds></SENhistory></Pupil>", []string{
			"SENhistory/SENneeds/SENneed[1]/SENtypeRank, line 5 need-1: a rank is a number from 1 to 99", "SENhistory/SENneeds/SENneed[2]/SENtype, line 6 need-1: this is no type of need",
			"SENhistory/SENneeds/SENneed[3], line 7 need-1: this need has no SENtype", "SENhistory/SENneeds/SENneed[4]/SENtype, line 8 need-1: this type of need was withdrawn; it is SEMH now"}},
		{"an old type that ended", "<Pupil><SENhistory><SENneeds><SENneed><NeedEndDate>2014-07-20</NeedEndDate><SENtype>BESD</SENtype></SENneed></SENneeds></SENhistory></Pupil>", nil},
	} {
		c, err := exchange.ReadCTF([]byte(ctf(tt.pupil)))
		if err != nil || len(c.Pupils) != 1 {
			t.Errorf("%s: %v, %d pupils", tt.name, err, len(c.Pupils))
			continue
		}
		var got []string
		for _, f := range c.Pupils[0].Faults {
			got = append(got, fmt.Sprintf("%s %s: %s", f.Column, f.Field, f.Message))
			if f.Row != 1 || strings.Contains(f.Message, "Secret") {
				t.Errorf("%s: %+v", tt.name, f)
			}
		}
		if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// The same file in each encoding that systems write is the same.
func TestCTFEncodings(t *testing.T) {
	body := ctf("<Pupil><Surname>Núñez – O’Neill</Surname></Pupil>")
	latin := strings.NewReplacer("–", "-", "’", "'").Replace(body)
	bytesOf := func(s string, special map[rune]byte) (out []byte) {
		for _, r := range s {
			if b, ok := special[r]; ok {
				out = append(out, b)
			} else {
				out = append(out, byte(r))
			}
		}
		return out
	}
	sixteen := func(order binary.AppendByteOrder, s string) (out []byte) {
		for _, u := range utf16.Encode([]rune(s)) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
	head := func(name string) string { return `<?xml version="1.0" encoding="` + name + `"?>` + "\n" }
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"UTF-8", []byte(body), "Núñez – O’Neill"},
		{"UTF-8, declared, with a mark", []byte("\ufeff" + head("utf-8") + body), "Núñez – O’Neill"},
		{"ISO-8859-1", bytesOf(head("ISO-8859-1")+latin, nil), "Núñez - O'Neill"},
		{"Windows-1252", bytesOf(head("Windows-1252")+body, map[rune]byte{'–': 0x96, '’': 0x92}), "Núñez – O’Neill"},
		{"UTF-16 little-endian", sixteen(binary.LittleEndian, "\ufeff"+head("UTF-16")+body), "Núñez – O’Neill"},
		{"UTF-16 big-endian", sixteen(binary.BigEndian, "\ufeff"+head("UTF-16")+body), "Núñez – O’Neill"},
		{"UTF-16 without a mark", sixteen(binary.LittleEndian, body), "Núñez – O’Neill"},
	} {
		c, err := exchange.ReadCTF(tt.file)
		if err != nil || len(c.Pupils) != 1 || c.Pupils[0].Surname != tt.want {
			t.Errorf("%s: %v %+v", tt.name, err, c.Pupils)
		}
		if !exchange.IsXML(tt.file) {
			t.Errorf("%s is not taken for XML", tt.name)
		}
	}
	for _, no := range []string{"", "UPN,Surname\n", "PK\x03\x04", "\xff\xfeU\x00P\x00"} {
		if exchange.IsXML([]byte(no)) {
			t.Errorf("%q is taken for XML", no)
		}
	}
}

func TestCTFVersion(t *testing.T) {
	for typed, want := range map[string]string{"25": "25.0", "24.0": "24.0", "25.0": "25.0"} {
		if got, ok := exchange.CTFVersion(typed); !ok || got != want {
			t.Errorf("%s: %s, %t", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "26", "0", "25.1"} {
		if got, ok := exchange.CTFVersion(typed); ok {
			t.Errorf("%q: %s", typed, got)
		}
	}
}

// Whatever comes in, it ends without a panic; what is read can be written, and read again.
func FuzzReadCTF(f *testing.F) {
	f.Add([]byte(written(f, jo())))
	f.Add([]byte(ctf("<Pupil><SENhistory><SEN/><SENneeds><SENneed><SENtypeRank>7</SENtypeRank></SENneed></SENneeds></SENhistory></Pupil>")))
	f.Add([]byte("\xff\xfe<\x00C\x00"))
	f.Add([]byte(`<?xml version="1.0" encoding="iso-8859-1"?><CTfile><Header/><CTFpupilData/></CTfile>`))
	f.Add([]byte("<!DOCTYPE x>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := exchange.ReadCTF(b)
		if err != nil {
			return
		}
		again, err := exchange.ReadCTF([]byte(written(t, c)))
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		if len(again.Pupils) != len(c.Pupils) {
			t.Fatalf("%d pupils became %d", len(c.Pupils), len(again.Pupils))
		}
	})
}
