/** Links that look like text, buttons or tabs, typed by the router's routes. */
import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Menu,
  type MenuItemProps,
  NavLink,
  type NavLinkProps,
} from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type A<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> }

export const TextLink = createLink((props: A<AnchorProps>) => <Anchor size="sm" {...props} />)

export const ButtonLink = createLink((props: A<ButtonProps>) => <Button component="a" {...props} />)

export const MenuLink = createLink((props: A<MenuItemProps>) => (
  <Menu.Item component="a" {...props} />
))

export const NavigationLink = createLink((props: A<NavLinkProps>) => (
  <NavLink component="a" {...props} />
))
