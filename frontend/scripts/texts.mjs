/**
 * Finds texts of the page that are not in the catalog: in JSX, in properties such as `label`, and
 * in other strings that look like a text. `--fix` wraps them with the macros of Lingui; read what it
 * wrote, above all plurals, and sentences that are put together from parts.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { types as is, parseSync, traverse } from '@babel/core'

const fix = process.argv.includes('--fix')
const wanted = process.argv.slice(2).filter((argument) => argument !== '--fix')
const folders =
  wanted.length > 0 ? wanted : ['src/app', 'src/lib', 'src/routes', 'src/ui', 'src/features']

/** Properties whose every value is a text. */
const textProperty =
  /^(title|label|hint|description|placeholder|alt|header|submit|back|heading|word|aria-(label|description|valuetext|roledescription))$/
/** Properties that are never a text. */
const otherProperty =
  /^(className|class|style|styles|ff|flex|gridTemplateColumns|query|d|transform|transition|viewBox|accept|rel|allow|to|href|key|type|name|id|autoComplete|path|dateTime|font\w*)$/
/** Calls whose arguments are no texts of the page. */
const otherCall =
  /^(Error|querySelector(All)?|closest|matches|matchMedia|useMediaQuery|addEventListener|removeEventListener|getElementById|format|tz|utc|createFileRoute|startsWith|endsWith|includes|replace|replaceAll|split|setAttribute|getAttribute|useLocalStorage|import|createElement|test|defineMessage|RegExp|DateTimeFormat|NumberFormat|get|set|has|getItem|setItem|isTag)$/
const macros = /^(t|msg|plural|select|selectOrdinal|defineMessage)$/
const components = /^(Trans|Plural|SelectOrdinal)$/
/** Elements whose content is the same in all languages. */
const literalElements = /^(Kbd|Code|code|kbd)$/

/** The same in all languages. */
const literalText = /^(Tenure|GraphiQL|English|Deutsch|PDF|Visa|#CLOSED#)$/

let problems = 0
for (const folder of folders) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = `${folder}/${name}`
    if (/\.tsx?$/.test(name) && !name.includes('.generated.')) examine(file)
  }
}
if (problems > 0) {
  if (!fix) console.error(`${problems} texts are not in the catalog; see docs/contributing.md.`)
  process.exitCode = fix ? 0 : 1
}

function examine(file) {
  const source = readFileSync(file, 'utf8')
  const tree = parseSync(source, {
    filename: file,
    babelrc: false,
    configFile: false,
    parserOpts: { plugins: file.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
  })
  const edits = []
  const imports = new Set()
  const found = (node, start, end, text, macro) => {
    problems += 1
    edits.push({ start, end, text })
    imports.add(macro)
    if (!fix) console.error(`${file}:${node.loc.start.line}: ${source.slice(start, end).trim()}`)
  }

  traverse(tree, {
    JSXElement: children,
    JSXFragment: children,
    StringLiteral(path) {
      const { node } = path
      if (!isText(path, node.value)) return
      const macro = `t\`${node.value.replace(/[`\\$]/g, '\\$&')}\``
      found(
        node,
        node.start,
        node.end,
        path.parentPath.isJSXAttribute() ? `{${macro}}` : macro,
        't',
      )
    },
    TemplateLiteral(path) {
      const { node } = path
      const text = node.quasis.map(({ value }) => value.cooked).join('{}')
      if (path.parentPath.isTaggedTemplateExpression() || !isText(path, text)) return
      found(node, node.start, node.end, `t${source.slice(node.start, node.end)}`, 't')
    },
  })

  function children(path) {
    const { node } = path
    const name = node.openingElement?.name.name ?? ''
    if (components.test(name) || literalElements.test(name) || inMacro(path)) return
    const hasText = node.children.some((child) => is.isJSXText(child) && /\p{L}/u.test(child.value))
    if (!hasText) return
    const [first, last] = [node.children[0], node.children.at(-1)]
    const inner = source.slice(first.start, last.end)
    if (node.children.length > 1) {
      found(node, first.start, last.end, `\n<Trans>${inner}</Trans>\n`, 'Trans')
      node.isWrapped = true
    } else if (!literalText.test(inner.trim())) {
      found(node, first.start, last.end, `\n{t\`${inner.trim().replace(/\s+/g, ' ')}\`}\n`, 't')
    }
  }

  if (fix && edits.length > 0) writeFileSync(file, edited(source, edits, imports))
}

function edited(source, edits, imports) {
  let text = source
  for (const { start, end, text: replacement } of merged(edits)) {
    text = text.slice(0, start) + replacement + text.slice(end)
  }
  const lines = [
    ['t', "import { t } from '@lingui/core/macro'\n"],
    ['Trans', "import { Trans } from '@lingui/react/macro'\n"],
  ].filter(([macro, line]) => imports.has(macro) && !text.includes(line.trim()))
  const afterComment = /^\/\*\*[\s\S]*?\*\/\n/.exec(text)?.[0].length ?? 0
  const at = Math.max(text.search(/^import /m), afterComment)
  return text.slice(0, at) + lines.map(([, line]) => line).join('') + text.slice(at)
}

/** From the end to the start; an edit inside another one becomes part of it. */
function merged(edits) {
  const outermost = []
  for (const edit of [...edits].sort(
    (one, other) => one.start - other.start || other.end - one.end,
  )) {
    const outer = outermost.at(-1)
    if (!outer || edit.start >= outer.end) outermost.push({ ...edit })
    else {
      const inner = outer.text.length - (outer.end - outer.start) - '</Trans>\n'.length
      const at = edit.start - outer.start + '\n<Trans>'.length + (outer.grown ?? 0)
      if (inner < 0) continue
      outer.text =
        outer.text.slice(0, at) + edit.text + outer.text.slice(at + edit.end - edit.start)
      outer.grown = (outer.grown ?? 0) + edit.text.length - (edit.end - edit.start)
    }
  }
  return outermost.reverse()
}

function isText(path, value) {
  if (!/\p{L}/u.test(value) || literalText.test(value) || inMacro(path) || isNoValue(path))
    return false
  const property = propertyOf(path)
  if (property !== null && otherProperty.test(property)) return false
  if (property !== null && textProperty.test(property)) return /\p{L}{2}/u.test(value)
  if (/^[YMDHms:\s-]+$/.test(value)) return false
  if (/var\(|--|^\d|^[a-z-]+\/|[<>=;#]|\bpx\b/.test(value)) return false
  return /^\p{Lu}\p{Ll}/u.test(value) || /\p{L}{2,}[,.:;]?\s+(\{\}|\p{L})/u.test(value)
}

/** A comparison, a type, a key, the argument of a call that is no text. */
function isNoValue(path) {
  const { parentPath: parent } = path
  if (parent.isImportDeclaration() || parent.isExportDeclaration() || parent.isImport()) return true
  if (parent.isTSLiteralType() || parent.isTSEnumMember() || parent.isTSModuleDeclaration())
    return true
  if (parent.isDirective() || parent.isSwitchCase({ test: path.node })) return true
  if (parent.isBinaryExpression() && parent.node.operator !== '+') return true
  if (parent.isObjectProperty() && parent.node.key === path.node) return true
  if (parent.isMemberExpression() && parent.node.property === path.node) return true
  const call = path.findParent(
    (each) => each.isCallExpression() || each.isNewExpression() || each.isFunction(),
  )
  if (!call || call.isFunction()) return false
  const { callee } = call.node
  const name = is.isMemberExpression(callee) ? callee.property.name : callee.name
  return otherCall.test(name ?? (is.isImport(callee) ? 'import' : ''))
}

/** The attribute or property of which the string is the value, also through a condition. */
function propertyOf(path) {
  for (let at = path; at; at = at.parentPath) {
    const { parentPath: parent } = at
    if (!parent) return null
    if (parent.isJSXAttribute()) {
      const { name } = parent.node.name
      return is.isJSXIdentifier(name) ? name.name : String(name)
    }
    if (parent.isObjectProperty()) {
      const style = parent.findParent(
        (each) => each.isJSXAttribute() && /^styles?$/.test(String(each.node.name.name)),
      )
      return style ? 'style' : (parent.node.key.name ?? parent.node.key.value ?? null)
    }
    const passes =
      parent.isConditionalExpression() ||
      parent.isLogicalExpression() ||
      parent.isBinaryExpression({ operator: '+' }) ||
      parent.isJSXExpressionContainer() ||
      parent.isTSAsExpression()
    if (!passes) return null
  }
  return null
}

function inMacro(path) {
  return (
    Boolean(
      path.findParent((each) => {
        if (each.node.isWrapped && each.isJSXElement())
          return path.isJSXElement() || path.isJSXFragment()
        if (each.isTaggedTemplateExpression()) return macros.test(each.node.tag.name)
        if (each.isCallExpression()) return macros.test(each.node.callee.name)
        return false
      }),
    ) || isWithinTrans(path)
  )
}

/** Direct text of `<Trans>`, but not the attributes of elements inside. */
function isWithinTrans(path) {
  if (path.isStringLiteral() || path.isTemplateLiteral()) {
    const attribute = path.findParent((each) => each.isJSXAttribute())
    const element = path.findParent((each) => each.isJSXElement())
    const isMacroAttribute =
      attribute && components.test(attribute.parentPath.node.name?.name ?? '')
    if (isMacroAttribute) return true
    if (attribute) return false
    return Boolean(element && components.test(element.node.openingElement.name.name ?? ''))
  }
  return Boolean(
    path.findParent(
      (each) => each.isJSXElement() && components.test(each.node.openingElement.name.name ?? ''),
    ),
  )
}
