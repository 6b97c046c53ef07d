import { createFileRoute } from '@tanstack/react-router'
import { BillUnitsTab } from '@/features/billunits/BillUnitsTab'

export const Route = createFileRoute('/_signed-in/accounts/$number/bill-units')({
  component: function BillUnits() {
    return <BillUnitsTab number={Route.useParams().number} />
  },
})
