"""The style of the page for a browser; it names no file."""

STYLE = """
body { font: 15px/1.5 sans-serif; color: #1a1e24; background: #fff; max-width: 72em;
  margin: 2em auto; padding: 0 1em; }
header p { margin: 0; color: #5b6672; }
h1, h2, h3 { color: #1f3a5f; line-height: 1.2; }
h2 { border-bottom: 1px solid #c9d1d9; margin-top: 2em; }
table { border-collapse: collapse; margin: .5em 0; width: 100%; }
caption { text-align: left; font-weight: bold; }
th, td { border: 1px solid #c9d1d9; padding: .2em .5em; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #eef2f6; }
td.right { text-align: right; }
dl { display: grid; grid-template-columns: minmax(10em, 18em) 1fr; margin: .5em 0; }
dt { color: #5b6672; }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font-family: monospace; }
pre { background: #eef2f6; padding: .5em; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: 1em 0; }
svg { width: 100%; height: auto; }
.headline { border-left: .4em solid; padding: .5em 1em; background: #eef2f6; }
.headline strong { font-size: 1.6em; }
.good { color: #1b6b3a; }
.caution { color: #8a5200; }
.bad { color: #a01c1c; font-weight: bold; }
.faint { color: #5b6672; }
"""
