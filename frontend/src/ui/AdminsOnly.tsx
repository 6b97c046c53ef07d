/** A screen of administration: only an ADMIN sees it, others are told whom to ask. */
import { t } from '@lingui/core/macro'
import { IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useMay } from '@/lib/business'
import { PageHeader } from './PageHeader'
import { EmptyMessage } from './States'

interface AdminsOnlyProps {
  title: string
  children: ReactNode
}

export function AdminsOnly({ title, children }: AdminsOnlyProps) {
  if (useMay('ADMIN')) return children
  return (
    <>
      <PageHeader title={title} />
      <EmptyMessage
        icon={<IconLock />}
        title={t`This page is for admins`}
        hint={t`Ask an admin of your company.`}
      />
    </>
  )
}
