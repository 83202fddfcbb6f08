"""Prints a workbook as JSON, read with nothing but Python's own zip and XML: sheet names, cells, and the format of each number."""
import json, sys, zipfile
from xml.etree import ElementTree

MAIN = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
RELATION = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id'
BUILT_IN = {0: 'General', 1: '0', 2: '0.00', 3: '#,##0', 4: '#,##0.00', 9: '0%', 10: '0.00%', 46: '[h]:mm:ss', 49: '@'}

with zipfile.ZipFile(sys.argv[1]) as book:
    tree = lambda name: ElementTree.fromstring(book.read(name))
    shared = []
    if 'xl/sharedStrings.xml' in book.namelist():
        shared = [''.join(part.text or '' for part in item.iter(MAIN + 't')) for item in tree('xl/sharedStrings.xml').iter(MAIN + 'si')]
    styles = tree('xl/styles.xml')
    own = {int(each.get('numFmtId')): each.get('formatCode') for each in styles.iter(MAIN + 'numFmt')}
    formats = [int(each.get('numFmtId', 0)) for each in styles.find(MAIN + 'cellXfs')]
    parts = {each.get('Id'): each.get('Target') for each in tree('xl/_rels/workbook.xml.rels')}
    sheets = []
    for sheet in tree('xl/workbook.xml').iter(MAIN + 'sheet'):
        rows = []
        for row in tree('xl/' + parts[sheet.get(RELATION)].removeprefix('/xl/')).iter(MAIN + 'row'):
            cells = []
            for cell in row.iter(MAIN + 'c'):
                kind, text = cell.get('t', 'n'), cell.findtext(MAIN + 'v')
                if cell.find(MAIN + 'f') is not None:
                    raise SystemExit('a formula: ' + cell.get('r'))
                if kind == 'inlineStr':
                    value = ''.join(part.text or '' for part in cell.iter(MAIN + 't'))
                elif kind == 's':
                    value = shared[int(text)]
                else:
                    value = None if text is None else float(text) if kind == 'n' else text
                number = formats[int(cell.get('s', 0))]
                cells.append({'value': value, 'format': own.get(number, BUILT_IN.get(number, str(number)))})
            rows.append(cells)
        sheets.append({'name': sheet.get('name'), 'rows': rows})
json.dump(sheets, sys.stdout)
