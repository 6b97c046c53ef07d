/** Links that look like text, buttons or entries of the navigation, typed by the routes. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react'
import { withLineBreaks } from '@/lib/lineBreaks'
import classes from './links.module.css'

type A<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> }

export const TextLink = createLink(({ children, ...rest }: A<AnchorProps>) => (
  <Anchor size="sm" {...rest}>
    {withLineBreaks(children)}
  </Anchor>
))

export const ButtonLink = createLink((props: A<ButtonProps>) => <Button component="a" {...props} />)

interface NavigationProps {
  label: string
  leftSection: ReactNode
}

export function NavigationAnchor({ label, leftSection, ...rest }: A<NavigationProps>) {
  return (
    <a {...rest} className={classes.navigation}>
      {leftSection}
      {label}
    </a>
  )
}

export const NavigationLink = createLink(NavigationAnchor)
