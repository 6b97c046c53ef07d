/**
 * Replaces Lingui's macros by calls with the message in English, compiled, so that the page needs
 * no parser. @vitejs/plugin-react has no Babel, and the versions of Lingui that transform macros
 * without it need Node.js 22.
 */
import { type PluginObj, transformAsync, types } from '@babel/core'
import linguiMacro from '@lingui/babel-plugin-lingui-macro'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import type { Plugin } from 'vite'

export function linguiMacros(): Plugin {
  return {
    name: 'lingui-macros',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?(\?|$)/, code: /@lingui\/(core|react)\/macro/ },
      async handler(code, id) {
        const filename = id.split('?')[0] ?? id
        const done = await transformAsync(code, {
          filename,
          babelrc: false,
          configFile: false,
          sourceMaps: true,
          parserOpts: { plugins: filename.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
          plugins: [[linguiMacro, { stripMessageField: false }], compiledMessages],
        })
        return done?.code ? { code: done.code, map: done.map } : null
      },
    },
  }
}

/** `setLanguage` in src/lib/language.ts reads the messages that this writes. */
function compiledMessages(): PluginObj {
  return {
    visitor: {
      Program: {
        exit: (program) => program.traverse({ ObjectExpression: ({ node }) => compile(node) }),
      },
    },
  }
}

function compile(node: types.ObjectExpression): void {
  if (!node.leadingComments?.some(({ value }) => value === 'i18n')) return
  for (const property of node.properties) {
    if (!types.isObjectProperty(property) || !types.isStringLiteral(property.value)) continue
    if (!types.isIdentifier(property.key, { name: 'message' })) continue
    property.value = types.stringLiteral(JSON.stringify(compileMessage(property.value.value)))
  }
}
