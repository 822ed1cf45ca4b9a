package render

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/boombuler/barcode/qr"
)

const (
	codeScale = 6 // pixels a module; 300 dots an inch print it half a millimetre wide
	codeQuiet = 4 // modules of white round it, as ISO/IEC 18004 asks
)

// MaxQR is how many bytes of ASCII one code may hold here: what still reads well
// from paper (version 22 of 40).
const MaxQR = 779

// ErrQRTooLong says that a text does not fit into one code.
var ErrQRTooLong = errors.New("the text is too long for one QR code")

// QR draws a QR code of an ASCII text: a PNG, black on white. A sixth of it may be
// smudged (level M). The same text always gives the same bytes.
func QR(text []byte) ([]byte, error) {
	if len(text) > MaxQR {
		return nil, ErrQRTooLong
	}
	for _, b := range text {
		if b > '~' {
			return nil, errors.New("a QR code here holds ASCII alone")
		}
	}
	code, err := qr.Encode(string(text), qr.M, qr.Unicode)
	if err != nil {
		return nil, fmt.Errorf("draw the QR code: %w", err)
	}
	size := code.Bounds().Dx()
	side := (size + 2*codeQuiet) * codeScale
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			mx, my := x/codeScale-codeQuiet, y/codeScale-codeQuiet
			if mx < 0 || my < 0 || mx >= size || my >= size {
				continue
			}
			if r, _, _, _ := code.At(mx, my).RGBA(); r < 0x8000 {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("draw the QR code: %w", err)
	}
	return out.Bytes(), nil
}
