/** The German texts, in one file that only German pages load. */
import type { Messages } from '@lingui/core'
import 'dayjs/locale/de'

export { default as serverTexts } from '../../locales/de/server.json'

const catalogs = import.meta.glob<{ messages: Messages }>('../../locales/de/*.po', { eager: true })

export const german: Messages = Object.assign(
  {},
  ...Object.values(catalogs).map(({ messages }) => messages),
)
