/** Every dialog by its name in the URL, loaded when it is first opened. */
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react'
import type { Role } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { type DialogAddress, DialogContext, useOpenDialog } from '@/lib/dialog'
import { returnFocus } from '@/lib/focus'
import { hasRole } from '@/lib/role'

const bulk = () => import('@/features/deferred/BulkDialogs')

const dialogs: Record<string, ComponentType> = {
  'create-account': lazy(() => import('@/features/accounts/CreateAccountDialog')),
  'edit-account': lazy(() => import('@/features/accounts/EditAccountDialog')),
  'change-status': lazy(() => import('@/features/status/ChangeStatusDialog')),
  'change-hierarchy': lazy(() => import('@/features/hierarchy/ChangeHierarchyDialog')),
  'add-service': lazy(() => import('@/features/assets/AddServiceDialog')),
  'purchase-offer': lazy(() => import('@/features/assets/PurchaseOfferDialog')),
  'add-bill-unit': lazy(() => import('@/features/billunits/AddBillUnitDialog')),
  'change-payer': lazy(() => import('@/features/billunits/ChangePayerDialog')),
  'add-payment-method': lazy(() => import('@/features/payments/AddPaymentMethodDialog')),
  'edit-expiration': lazy(() => import('@/features/payments/EditExpirationDialog')),
  'record-payment': lazy(() => import('@/features/payments/RecordPaymentDialog')),
  'create-offer': lazy(() => import('@/features/catalog/CreateOfferDialog')),
  'run-deferred': lazy(() => bulk().then((module) => ({ default: module.RunDialog }))),
  'reschedule-deferred': lazy(() =>
    bulk().then((module) => ({ default: module.RescheduleDialog })),
  ),
  'cancel-deferred': lazy(() => bulk().then((module) => ({ default: module.CancelDialog }))),
  charge: lazy(() => import('@/features/bills/ChargeDialog')),
  'open-dispute': lazy(() => import('@/features/disputes/OpenDisputeDialog')),
  'settle-dispute': lazy(() => import('@/features/disputes/SettleDisputeDialog')),
  adjust: lazy(() => import('@/features/disputes/AdjustDialog')),
  'start-job': lazy(() => import('@/features/jobs/StartJobDialog')),
  'cancel-job': lazy(() => import('@/features/jobs/CancelJobDialog')),
  'retry-failures': lazy(() => import('@/features/jobs/RetryFailuresDialog')),
  keyboard: lazy(() => import('@/features/shell/KeyboardDialog')),
}

/** The role that a dialog needs, if it is not AGENT. */
const needed: Record<string, Role> = {
  keyboard: 'VIEWER',
  charge: 'VIEWER',
  'settle-dispute': 'MANAGER',
  adjust: 'MANAGER',
  'record-payment': 'MANAGER',
  'create-offer': 'MANAGER',
  'start-job': 'MANAGER',
  'cancel-job': 'MANAGER',
}

export function DialogHost({ address }: { address: DialogAddress }) {
  const open = useOpenDialog()
  const { viewer } = useBusiness()
  const name = address.dialog
  const allowed =
    name !== undefined && name in dialogs && hasRole(viewer.role, needed[name] ?? 'AGENT')
  const [shown, setShown] = useState<DialogAddress | null>(null)
  if (allowed && JSON.stringify(shown) !== JSON.stringify(address)) setShown(address)
  useEffect(() => (allowed ? undefined : returnFocus()), [allowed])
  const Dialog = shown?.dialog ? dialogs[shown.dialog] : undefined
  if (!Dialog || !shown) return null
  const close = () => open({ dialog: undefined })
  return (
    <DialogContext value={{ opened: allowed, close, gone: () => setShown(null), address: shown }}>
      <Suspense>
        <Dialog key={JSON.stringify(shown)} />
      </Suspense>
    </DialogContext>
  )
}
