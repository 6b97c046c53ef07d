/** The link to the home page. */
import { linkOptions } from '@tanstack/react-router'

export const homeLink = linkOptions({ to: '/' })
