/** The link to the settings. */
import { linkOptions } from '@tanstack/react-router'

export const settingsLink = linkOptions({ to: '/settings' })
