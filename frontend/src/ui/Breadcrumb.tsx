/** The way from a list to the current page. Wraps on a narrow screen. */
import { t } from '@lingui/core/macro'
import { Breadcrumbs, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { withLineBreaks } from '@/lib/lineBreaks'
import classes from './Breadcrumb.module.css'

interface BreadcrumbProps {
  /** The name of the current page. */
  here: string
  /** Links to the pages above it, the highest first. */
  children: ReactNode
}

export function Breadcrumb({ here, children }: BreadcrumbProps) {
  return (
    <Breadcrumbs
      component="nav"
      aria-label={t`Breadcrumb`}
      mb={6}
      separatorMargin={6}
      classNames={{ root: classes.root, breadcrumb: classes.entry, separator: classes.entry }}
    >
      {children}
      <Text size="sm" c="dimmed" aria-current="page">
        {withLineBreaks(here)}
      </Text>
    </Breadcrumbs>
  )
}
