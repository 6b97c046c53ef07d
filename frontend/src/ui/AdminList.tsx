/** A screen of administration with one list, and a button for a new entry. */
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { AnyVariables } from 'urql'
import { useMay } from '@/lib/business'
import { type DialogAddress, useOpenDialog } from '@/lib/dialog'
import { AdminsOnly } from './AdminsOnly'
import { ListScreen, type ListScreenProps } from './ListScreen'

interface AdminListProps<Data, Variables extends AnyVariables, Row extends { id: string }>
  extends Omit<ListScreenProps<Data, Variables, Row>, 'actions' | 'pause'> {
  /** The button that opens the dialog for a new entry. */
  create: { label: string; dialog: DialogAddress }
}

export function AdminList<Data, Variables extends AnyVariables, Row extends { id: string }>(
  props: AdminListProps<Data, Variables, Row>,
) {
  const { create, empty, ...rest } = props
  const open = useOpenDialog()
  const mayRead = useMay('ADMIN')
  const button = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(create.dialog)}>
      {create.label}
    </Button>
  )
  return (
    <AdminsOnly title={rest.title}>
      <ListScreen
        {...rest}
        actions={button}
        pause={!mayRead}
        empty={{ ...empty, action: button }}
      />
    </AdminsOnly>
  )
}
