/** Numbers with a label, each a link to its list. */
import { Text } from '@mantine/core'
import { createLink, type LinkProps } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, ReactNode } from 'react'
import { formatCount } from '@/lib/language'
import classes from './Tiles.module.css'

export interface Tile {
  label: string
  count: number
  /** Shown instead of the count. */
  value?: ReactNode
  detail: ReactNode
  link: LinkProps
}

const TileLink = createLink((props: AnchorHTMLAttributes<HTMLAnchorElement>) => (
  <a {...props} className={classes.tile} />
))

export function Tiles({ tiles }: { tiles: Tile[] }) {
  return (
    <ul className={classes.tiles}>
      {tiles.map(({ label, count, value, detail, link }) => (
        <li key={label}>
          <TileLink {...(link as { to: '/' })}>
            <Text span size="sm" c="dimmed">
              {label}
            </Text>
            <Text span className={classes.number}>
              {value ?? formatCount(count)}
            </Text>
            <Text span size="sm">
              {detail}
            </Text>
          </TileLink>
        </li>
      ))}
    </ul>
  )
}
