package render

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"testing"
)

func TestACodeIsBlackOnWhiteWithAMargin(t *testing.T) {
	text := []byte("sendctl-checkpoint/1\n" + strings.Repeat("x", 600))
	b, err := QR(text)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	dark := func(mx, my int) bool {
		r, _, _, _ := img.At((mx+codeQuiet)*codeScale+1, (my+codeQuiet)*codeScale+1).RGBA()
		return r == 0
	}
	size := img.Bounds().Dx()/codeScale - 2*codeQuiet
	if (size-17)%4 != 0 || size > 17+4*22 {
		t.Errorf("%d modules wide", size)
	}
	for i := range 7 { // the three corner marks
		for _, at := range [][2]int{{i, 0}, {0, i}, {size - 1 - i, 0}, {0, size - 1 - i}, {size - 1, i}, {i, size - 1}} {
			if !dark(at[0], at[1]) {
				t.Errorf("module %v is white", at)
			}
		}
	}
	if dark(-1, 0) || dark(size, 0) || dark(7, 0) || dark(size-8, 0) {
		t.Error("the margin is not white")
	}
	again, err := QR(text)
	if err != nil || !bytes.Equal(b, again) {
		t.Error("the same text gives another picture")
	}
}

func TestWhatDoesNotFitACode(t *testing.T) {
	if _, err := QR(bytes.Repeat([]byte("x"), MaxQR)); err != nil {
		t.Error(err)
	}
	if _, err := QR(bytes.Repeat([]byte("x"), MaxQR+1)); !errors.Is(err, ErrQRTooLong) {
		t.Errorf("too long: %v", err)
	}
	if _, err := QR([]byte("é")); err == nil {
		t.Error("a letter that scanners read in several ways was taken")
	}
}
