package render

import _ "github.com/boombuler/barcode" // held in go.mod until the code is drawn
