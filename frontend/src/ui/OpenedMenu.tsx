/** The menu of a `MenuButton`, from its first opening on. */
import { Menu, type MenuItemProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import {
  type AnchorHTMLAttributes,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useState,
} from 'react'
import { ExistingTarget } from './ExistingTarget'

type LinkProps = MenuItemProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof MenuItemProps> & {
    ref?: Ref<HTMLAnchorElement>
  }

/** An entry that is a link, typed by the router's routes. */
const Link = createLink((props: LinkProps) => <Menu.Item component="a" {...props} />)

const parts = { Item: Menu.Item, Link, Label: Menu.Label, Divider: Menu.Divider }
export type MenuParts = typeof parts

interface OpenedMenuProps {
  id: string
  button: RefObject<HTMLButtonElement | null>
  opened: boolean
  onChange: (opened: boolean) => void
  position?: 'bottom-start' | 'bottom-end'
  children: (parts: MenuParts) => ReactNode
}

export default function OpenedMenu(props: OpenedMenuProps) {
  const { id, button, opened, onChange, position, children } = props
  // A menu notes what has the focus when it opens, but not if it is open from the start.
  const [isMounted, setMounted] = useState(false)
  useEffect(() => setMounted(true), [])
  return (
    <Menu id={id} opened={opened && isMounted} onChange={onChange} position={position}>
      <Menu.Target>
        <ExistingTarget element={button} />
      </Menu.Target>
      <Menu.Dropdown>{children(parts)}</Menu.Dropdown>
    </Menu>
  )
}
